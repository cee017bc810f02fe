/* match.c - which fingers of two sets are compared, and the fused score.
 *
 *   1. A position known on both sides gives one term.
 *   2. Whatever comparisons with an unknown finger are left (unknown against a finger that rule 1
 *      did not use, or against the other unknown) give one term together: the best of them,
 *      corrected for their number.
 * A set holds different fingers, so an unknown finger is none of those that rule 1 has used; and a
 * finger that gave its score already would make the terms dependent. Both rules read the same from
 * either side, which makes the score symmetric. */
#include "search/match.h"

#include <stddef.h>

#include "search/fuse.h"

static civid_status compare(const civid_subjects_t *probes, int64_t probe,
                            const civid_subjects_t *references, int64_t reference, void *scratch,
                            uint64_t scratch_size, civid_comparison_t *out) {
    const uint64_t p = probes->offsets[probe], r = references->offsets[reference];
    return civid_compare((const uint8_t *)probes->block + p, probes->offsets[probe + 1] - p,
                         (const uint8_t *)references->block + r,
                         references->offsets[reference + 1] - r, scratch, scratch_size, out, NULL,
                         0);
}

static civid_evidence_t evidence_of(const civid_comparison_t *comparison, int32_t probe_position,
                                    int32_t reference_position) {
    const civid_evidence_t evidence = {comparison->score, comparison->pairs,
                                       (uint8_t)probe_position, (uint8_t)reference_position, 1};
    return evidence;
}

civid_status civid__match(const civid_subjects_t *probes, const civid__set_t *probe,
                          const civid_subjects_t *references, const civid__set_t *reference,
                          void *scratch, uint64_t scratch_size, civid__match_t *match) {
    const int64_t *const p = probe->finger, *const r = reference->finger;
    float scores[CIVID_POSITIONS];
    int32_t terms = 0;
    civid_comparison_t comparison;
    for (int32_t i = 1; i < CIVID_POSITIONS; i++) {
        if (p[i] < 0 || r[i] < 0) continue;
        const civid_status status =
            compare(probes, p[i], references, r[i], scratch, scratch_size, &comparison);
        if (status != CIVID_OK) return status;
        match->evidence[terms] = evidence_of(&comparison, i, i);
        scores[terms++] = comparison.score;
    }

    civid_evidence_t best = {-1.0f, 0, 0, 0, 0};
    int32_t compared = 0;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)     /* position of the probe's finger */
        for (int32_t j = 0; j < CIVID_POSITIONS; j++) { /* and of the reference's */
            if (i > 0 && j > 0) break; /* neither is unknown */
            if (p[i] < 0 || r[j] < 0) continue;
            if ((i > 0 && r[i] >= 0) || (j > 0 && p[j] >= 0)) continue; /* used by rule 1 */
            const civid_status status =
                compare(probes, p[i], references, r[j], scratch, scratch_size, &comparison);
            if (status != CIVID_OK) return status;
            compared++;
            if (comparison.score > best.score) best = evidence_of(&comparison, i, j);
        }
    if (compared > 0) {
        best.compared = (uint16_t)compared;
        match->evidence[terms] = best;
        scores[terms++] = civid__best_of(best.score, compared);
    }

    match->terms = terms;
    match->score = terms > 0 ? civid__fuse(scores, terms) : 0.0f;
    return CIVID_OK;
}
