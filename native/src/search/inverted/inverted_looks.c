/* inverted_looks.c - the questions about a probe: both stages of each. */
#include "search/inverted/inverted_looks.h"

#include "search/inverted/inverted_stages.h"
#include "search/prefilter.h"

civid_status civid__inverted_looks(const civid__query_t *query, const civid__among_t *among,
                                   civid__look_t *looks, int64_t count,
                                   const civid__shared_t *shared) {
    civid__coarse_stage(query, among, looks, count, shared);
    for (int64_t q = 0; q < count; q++) {
        const civid_status status = civid__fine_stage(query, among, &looks[q]);
        if (status != CIVID_OK) return status;
    }
    return CIVID_OK;
}

int64_t civid__look_best(const civid__look_t *look, int64_t begin, int64_t slot,
                         civid_candidate_t *candidates) {
    const int64_t number =
        civid__best(look->values, look->choices, look->keep, 0, slot, candidates);
    for (int64_t k = 0; k < number; k++)
        candidates[k].reference = begin + look->chosen[candidates[k].reference];
    return number;
}
