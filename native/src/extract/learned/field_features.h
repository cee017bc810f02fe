/* field_features.h - what the network of fields sees of a print: one value a block each. */
#ifndef CIVID_EXTRACT_FIELD_FEATURES_H
#define CIVID_EXTRACT_FIELD_FEATURES_H

#include "extract/extract_stages.h"
#include "extract/learned/energies.h"

/* All of them about -1..1; where there is no print most are near 0. */
enum {
    ENERGIES,                       /* BANK_MAPS of them: shares of all energies of the block */
    ENERGY = BANK_MAPS,             /* how much that is */
    GREY_DEVIATION,                 /* against the print's contrast */
    GREY_MEAN,
    SEEN_COSINE, SEEN_SINE,         /* the block's own tensor, before any smoothing */
    SEEN_ENERGY,                    /* of its gradient */
    ENHANCED_COSINE, ENHANCED_SINE, /* the tensor of the enhanced picture */
    ENHANCED_ENERGY,
    FIELD_COSINE, FIELD_SINE,       /* the direction that the extraction came to */
    FIELD_COHERENCE,
    FIELD_PERIOD,                   /* logarithm, over PERIOD_MIDDLE */
    PRINT_MASK,
    FIELD_FEATURES
};
_Static_assert(FIELD_FEATURES == CIVID_FIELD_FEATURES, "as the header says");

/* What the extraction came to -> features; the tensor of the picture as it came -> raw. */
void civid__field_features(civid__frame_t *f);

#endif
