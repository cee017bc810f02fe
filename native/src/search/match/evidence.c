/* evidence.c - what a candidate's score is made of. */
#include <stddef.h>
#include <string.h>

#include "civid.h"
#include "search/match/table.h"

_Static_assert(CIVID_MAX_PAIRS == CIVID_POSITIONS * CIVID_MAX_MINUTIAE, "room for every pair");

/* Compare the terms once more and keep the minutiae. */
static civid_status paired(const civid_subjects_t *probes, const civid__set_t *probe,
                           const civid_subjects_t *references, const civid__set_t *reference,
                           const civid__match_t *match, const civid_rules_t *rules,
                           void *scratch, uint64_t scratch_size, civid_pair_t *pairs) {
    for (int32_t t = 0; t < match->terms; t++) {
        const civid_evidence_t *term = &match->evidence[t];
        civid_comparison_t comparison;
        const civid_status status = civid__compare_fingers(
            probes, probe->finger[term->probe_position], references,
            reference->finger[term->reference_position], rules, scratch, scratch_size,
            &comparison, pairs);
        if (status != CIVID_OK) return status;
        pairs += comparison.pairs;
    }
    return CIVID_OK;
}

civid_status civid_search_evidence(const civid_subjects_t *probes, int64_t probe,
                                   const civid_subjects_t *references, int64_t reference,
                                   const civid_rules_t *rules, void *scratch,
                                   uint64_t scratch_size, civid_candidate_t *candidate,
                                   civid_evidence_t *evidence, int32_t *count, civid_pair_t *pairs,
                                   int32_t capacity) {
    if (candidate == NULL || evidence == NULL || count == NULL) return CIVID_E_NULL;
    *count = 0;
    if (pairs != NULL && capacity < CIVID_MAX_PAIRS) return CIVID_E_CAPACITY;
    civid_status status = civid__rules_check(rules);
    if (status == CIVID_OK) status = civid__subjects_check_one(probes, probe);
    if (status == CIVID_OK) status = civid__subjects_check_one(references, reference);
    civid__set_t probe_set, reference_set;
    civid__match_t match;
    if (status == CIVID_OK) status = civid__subjects_set(probes, probe, &probe_set);
    if (status == CIVID_OK) status = civid__subjects_set(references, reference, &reference_set);
    if (status == CIVID_OK)
        status = civid__match(probes, &probe_set, references, &reference_set, rules, scratch,
                              scratch_size, &match);
    const civid_rules_t meant = civid__rules(rules);
    if (status == CIVID_OK && pairs != NULL)
        status = paired(probes, &probe_set, references, &reference_set, &match, &meant, scratch,
                        scratch_size, pairs);
    if (status != CIVID_OK) return status;
    memcpy(evidence, match.evidence, (size_t)match.terms * sizeof *evidence);
    *count = match.terms;
    candidate->probe = probe;
    candidate->reference = reference;
    candidate->score = match.score;
    candidate->terms = match.terms;
    return CIVID_OK;
}
