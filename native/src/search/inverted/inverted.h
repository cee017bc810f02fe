/* inverted.h - an inverted index: the minutiae of a range of a part, sorted by where their codes lie.
 *
 * Each of CIVID__INVERTED centres has 16 lists, one a direction. A probe's minutia is compared with
 * what lies around its nearest centres, in directions at most CIVID__INVERTED_TURN sixteenths away:
 * one pair of minutiae in a hundred and fifty instead of all of them. docs/explain/sublinear.md */
#ifndef CIVID_SEARCH_INVERTED_H
#define CIVID_SEARCH_INVERTED_H

#include "civid.h"
#include "search/scan/scan.h"

enum {
    CIVID__INVERTED = 1024, /* centres */
    CIVID__INVERTED_DIRECTIONS = 16,
    CIVID__INVERTED_STARTS = CIVID__INVERTED * CIVID__INVERTED_DIRECTIONS + 1,
};

/* An opened buffer. */
typedef struct {
    int64_t begin, end;   /* subjects */
    int64_t first_finger; /* of the part */
    int32_t fingers, minutiae;
    const uint32_t *start;            /* CIVID__INVERTED_STARTS */
    const uint64_t *codes, *details;  /* minutiae, list by list */
    const uint16_t *finger;           /* less first_finger */
} civid__inverted_t;

/* Minutiae of one list against one of the probe. */
typedef struct {
    const uint64_t *codes, *details;
    const uint16_t *finger;
    uint32_t count;
} civid__run_t;

/* What the fingers reach: the sum << 16 | mark << 8 | what the marked minutia of the probe gave. */
typedef struct {
    uint32_t *state;
    uint32_t fingers, mark;
} civid__tally_t;

/* Of a finger's minutiae near the probe's one only the nearest counts. */
static inline void civid__tally(const civid__tally_t *tally, uint32_t finger, uint32_t weight) {
    if (finger >= tally->fingers) return;
    const uint32_t old = tally->state[finger];
    const uint32_t had = (old >> 8 & 0xff) == tally->mark ? old & 0xff : 0;
    if (weight <= had) return;
    tally->state[finger] =
        ((old & 0xffff0000u) + ((weight - had) << 16)) | tally->mark << 8 | weight;
}

/* Bits of difference to every centre; direction bits do not count. */
typedef void civid__centres_fn(uint64_t code, uint64_t detail, uint8_t distance[CIVID__INVERTED]);
typedef void civid__run_fn(uint64_t code, uint64_t detail, const civid__run_t *run,
                           const civid__tally_t *tally);
civid__centres_fn civid__centres_portable, civid__centres_avx2, civid__centres_avx512;
civid__run_fn civid__run_portable, civid__run_avx2, civid__run_avx512;

/* Sizes, order of the lists and the range; not what the minutiae are: any bits may stand there. */
civid_status civid__inverted_open(const void *lists, uint64_t size, civid__inverted_t *out);

/* Sums of all fingers in state >> 16. nearest: `cells` centres for each minutia of the probe. */
void civid__inverted_sums(const civid__inverted_t *lists, const civid__codes_t *probe,
                       const uint16_t *nearest, int32_t cells, uint32_t *state);

int civid__inverted_cells(int32_t cells); /* a number of centres that has a scale? */

/* For one finger of a probe, so that its square root is taken once. */
typedef struct {
    const float *level, *spread; /* by the reference's count */
    float count, root;
} civid__inverted_scale_t;
civid__inverted_scale_t civid__inverted_scale(int32_t probe_count, int32_t cells);

static inline float civid__inverted_scaled(const civid__inverted_scale_t *scale, uint32_t sum,
                                        int32_t reference_count) {
    const float share = (float)sum / scale->count - scale->level[reference_count];
    return share * scale->root / scale->spread[reference_count];
}

#endif
