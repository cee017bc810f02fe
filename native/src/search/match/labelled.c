/* labelled.c - the fused score of two sets whose fingers are paired by their labels.
 *
 *   1. A position known on both sides gives one term.
 *   2. Whatever comparisons with an unknown finger are left (unknown against a finger that rule 1
 *      did not use, or against the other unknown) give one term together: the best of them,
 *      corrected for their number.
 * A set holds different fingers, so an unknown finger is none of those that rule 1 has used; and a
 * finger that gave its score already would make the terms dependent. Both rules read the same from
 * either side, which makes the score symmetric. */
#include <stddef.h>

#include "search/match/fuse.h"
#include "search/match/table.h"

civid_status civid__compare_fingers(const civid_subjects_t *probes, int64_t probe,
                                    const civid_subjects_t *references, int64_t reference,
                                    const civid_rules_t *rules, void *scratch,
                                    uint64_t scratch_size,
                                    civid_comparison_t *out, civid_pair_t *pairs) {
    const uint64_t p = probes->offsets[probe], r = references->offsets[reference];
    return civid_compare((const uint8_t *)probes->block + p, probes->offsets[probe + 1] - p,
                         (const uint8_t *)references->block + r,
                         references->offsets[reference + 1] - r, rules->comparator,
                         scratch, scratch_size, out, pairs, pairs == NULL ? 0 : CIVID_MAX_MINUTIAE);
}

civid_status civid__table_at(civid__table_t *table, int32_t i, int32_t j, civid_evidence_t *out) {
    civid_comparison_t *comparison = &table->comparison[i][j];
    if (!table->known[i][j]) {
        const civid_status status = civid__compare_fingers(
            table->probes, table->probe[i], table->references, table->reference[j],
            &table->rules, table->scratch, table->scratch_size, comparison, NULL);
        if (status != CIVID_OK) return status;
        table->known[i][j] = 1;
    }
    const civid_evidence_t evidence = {comparison->score, comparison->pairs, (uint8_t)i,
                                       (uint8_t)j, 1};
    *out = evidence;
    return CIVID_OK;
}

void civid__add_term(civid__match_t *match, float *scores, const civid_evidence_t *term,
                     float score) {
    scores[match->terms] = score;
    match->evidence[match->terms++] = *term;
}

civid_status civid__match_labelled(civid__table_t *table, const civid__labels_t *labels,
                                   civid__match_t *match) {
    const int64_t *const p = table->probe;
    int64_t r[CIVID_POSITIONS];
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) r[i] = table->reference[labels->label[i]];
    float scores[CIVID_POSITIONS];
    civid_evidence_t term;
    match->terms = 0;
    for (int32_t i = 1; i < CIVID_POSITIONS; i++) {
        if (p[i] < 0 || r[i] < 0) continue;
        const civid_status status = civid__table_at(table, i, labels->label[i], &term);
        if (status != CIVID_OK) return status;
        civid__add_term(match, scores, &term, term.score);
    }

    civid_evidence_t best = {-1.0f, 0, 0, 0, 0};
    int32_t compared = 0;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)     /* position of the probe's finger */
        for (int32_t j = 0; j < CIVID_POSITIONS; j++) { /* and of the reference's */
            if (i > 0 && j > 0) break; /* neither is unknown */
            if (p[i] < 0 || r[j] < 0) continue;
            if ((i > 0 && r[i] >= 0) || (j > 0 && p[j] >= 0)) continue; /* used by rule 1 */
            const civid_status status = civid__table_at(table, i, labels->label[j], &term);
            if (status != CIVID_OK) return status;
            compared++;
            if (term.score > best.score) best = term;
        }
    if (compared > 0) {
        best.compared = (uint16_t)compared;
        civid__add_term(match, scores, &best, civid__best_of(best.score, compared));
    }
    match->score = match->terms > 0 ? civid__fuse(scores, match->terms, table->rules.fusion) : 0.0f;
    return CIVID_OK;
}
