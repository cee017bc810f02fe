/* inverted_stages.h - the two stages of a look: all subjects, then the best of them once more. */
#ifndef CIVID_SEARCH_INVERTED_STAGES_H
#define CIVID_SEARCH_INVERTED_STAGES_H

#include "search/inverted/inverted_looks.h"
#include "search/prefilter.h"

/* Does this question ask finger i of the probe, and may that be one of this position? */
static inline int civid__look_asks(const civid__look_t *look, const civid__query_t *query, int32_t i,
                                   int32_t position) {
    return (look->positions >> query->position[i] & 1) &&
           civid__comparable(query->position[i], position, look->flags);
}

/* `values` of every subject and every look. */
void civid__coarse_stage(const civid__query_t *query, const civid__among_t *among,
                         civid__look_t *looks, int64_t count, const civid__shared_t *shared);

/* Chooses the best of them; then `values` of both stages, of these. */
civid_status civid__fine_stage(const civid__query_t *query, const civid__among_t *among,
                               civid__look_t *look);

#endif
