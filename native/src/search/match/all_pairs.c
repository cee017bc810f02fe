/* all_pairs.c - a block of probes against a block of references. The caller cuts both so small that
 * their templates stay in the cache while they are compared with one another. */
#include <stddef.h>

#include "civid.h"
#include "search/match/match.h"

civid_status civid_search_pairs(const civid_subjects_t *probes, int64_t probe_begin,
                                int64_t probe_end, const civid_subjects_t *references,
                                int64_t begin, int64_t end, int32_t once,
                                const civid_rules_t *rules, float min_score, void *scratch,
                                uint64_t scratch_size, civid_candidate_t *candidates,
                                int64_t capacity, int64_t *count) {
    if (count == NULL) return CIVID_E_NULL;
    *count = 0;
    if (!(min_score >= 0.0f)) return CIVID_E_VALUE;
    civid_status status = civid__rules_check(rules);
    if (status == CIVID_OK) status = civid__subjects_check(probes, probe_begin, probe_end);
    if (status == CIVID_OK) status = civid__subjects_check(references, begin, end);
    if (status != CIVID_OK) return status;
    const int64_t rows = probe_end - probe_begin, columns = end - begin;
    if (rows == 0 || columns == 0) return CIVID_OK;
    if (candidates == NULL) return CIVID_E_NULL;
    if (capacity < 0 || capacity / columns < rows) return CIVID_E_CAPACITY;

    int64_t found = 0;
    for (int64_t probe = probe_begin; probe < probe_end; probe++) {
        if (!civid__subjects_alive(probes, probe)) continue;
        civid__set_t probe_set;
        status = civid__subjects_set(probes, probe, &probe_set);
        if (status != CIVID_OK) return status;
        for (int64_t reference = once && begin <= probe ? probe + 1 : begin; reference < end;
             reference++) {
            if (!civid__subjects_alive(references, reference)) continue;
            civid__set_t set;
            civid__match_t match;
            status = civid__subjects_set(references, reference, &set);
            if (status == CIVID_OK)
                status = civid__match(probes, &probe_set, references, &set, rules, scratch,
                                      scratch_size, &match);
            if (status != CIVID_OK) return status;
            if (match.terms == 0 || match.score < min_score) continue;
            const civid_candidate_t candidate = {probe, reference, match.score, match.terms};
            candidates[found++] = candidate;
        }
    }
    *count = found;
    return CIVID_OK;
}
