/* evidence.c - what a candidate's score is made of. */
#include <stddef.h>
#include <string.h>

#include "civid.h"
#include "search/match.h"

civid_status civid_search_evidence(const civid_subjects_t *probes, int64_t probe,
                                   const civid_subjects_t *references, int64_t reference,
                                   void *scratch, uint64_t scratch_size,
                                   civid_candidate_t *candidate, civid_evidence_t *evidence,
                                   int32_t *count) {
    if (candidate == NULL || evidence == NULL || count == NULL) return CIVID_E_NULL;
    *count = 0;
    civid_status status = civid__subjects_check_one(probes, probe);
    if (status == CIVID_OK) status = civid__subjects_check_one(references, reference);
    civid__set_t probe_set, reference_set;
    civid__match_t match;
    if (status == CIVID_OK) status = civid__subjects_set(probes, probe, &probe_set);
    if (status == CIVID_OK) status = civid__subjects_set(references, reference, &reference_set);
    if (status == CIVID_OK)
        status = civid__match(probes, &probe_set, references, &reference_set, scratch,
                              scratch_size, &match);
    if (status != CIVID_OK) return status;
    memcpy(evidence, match.evidence, (size_t)match.terms * sizeof *evidence);
    *count = match.terms;
    candidate->probe = probe;
    candidate->reference = reference;
    candidate->score = match.score;
    candidate->terms = match.terms;
    return CIVID_OK;
}
