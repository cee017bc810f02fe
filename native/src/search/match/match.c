/* match.c - which fingers of two sets are compared, and the fused score.
 *
 *   1. A position known on both sides gives one term.
 *   2. Whatever comparisons with an unknown finger are left (unknown against a finger that rule 1
 *      did not use, or against the other unknown) give one term together: the best of them,
 *      corrected for their number.
 * A set holds different fingers, so an unknown finger is none of those that rule 1 has used; and a
 * finger that gave its score already would make the terms dependent. Both rules read the same from
 * either side, which makes the score symmetric. */
#include "search/match/match.h"

#include <stddef.h>
#include <string.h>

#include "search/match/fuse.h"
#include "search/match/table.h"

civid_status civid__rules_check(const civid_rules_t *rules) {
    if (rules == NULL) return CIVID_OK;
    if (rules->flags & ~(CIVID_MATCH_SWAPPED | CIVID_MATCH_DECIDE)) return CIVID_E_VALUE;
    if (!(rules->flags & CIVID_MATCH_DECIDE)) return CIVID_OK;
    if (rules->flags & CIVID_MATCH_SWAPPED) return CIVID_E_VALUE;
    return rules->hopeless < rules->decided ? CIVID_OK : CIVID_E_VALUE;
}

civid_status civid__compare_fingers(const civid_subjects_t *probes, int64_t probe,
                                    const civid_subjects_t *references, int64_t reference,
                                    void *scratch, uint64_t scratch_size, civid_comparison_t *out,
                                    civid_pair_t *pairs) {
    const uint64_t p = probes->offsets[probe], r = references->offsets[reference];
    return civid_compare((const uint8_t *)probes->block + p, probes->offsets[probe + 1] - p,
                         (const uint8_t *)references->block + r,
                         references->offsets[reference + 1] - r, scratch, scratch_size, out, pairs,
                         pairs == NULL ? 0 : CIVID_MAX_MINUTIAE);
}

civid_status civid__table_at(civid__table_t *table, int32_t i, int32_t j, civid_evidence_t *out) {
    civid_comparison_t *comparison = &table->comparison[i][j];
    if (!table->known[i][j]) {
        const civid_status status = civid__compare_fingers(
            table->probes, table->probe[i], table->references, table->reference[j], table->scratch,
            table->scratch_size, comparison, NULL);
        if (status != CIVID_OK) return status;
        table->known[i][j] = 1;
    }
    const civid_evidence_t evidence = {comparison->score, comparison->pairs, (uint8_t)i,
                                       (uint8_t)j, 1};
    *out = evidence;
    return CIVID_OK;
}

static void add(civid__match_t *match, float *scores, const civid_evidence_t *term, float score) {
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
        add(match, scores, &term, term.score);
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
        add(match, scores, &best, civid__best_of(best.score, compared));
    }
    match->score = match->terms > 0 ? civid__fuse(scores, match->terms) : 0.0f;
    return CIVID_OK;
}

static uint64_t size_of(const civid_subjects_t *subjects, int64_t finger) {
    return subjects->offsets[finger + 1] - subjects->offsets[finger];
}

/* The two fingers that say the most: more minutiae in the poorer of both prints (eight count as
 * one: only the sizes are looked at), the lower position among equals. The same two from either
 * side. match->terms = 0 where there are no two. */
static civid_status first_two(civid__table_t *table, civid__match_t *match) {
    int32_t place[2] = {0, 0};
    uint64_t size[2] = {0, 0};
    for (int32_t i = 1; i < CIVID_POSITIONS; i++) {
        if (table->probe[i] < 0 || table->reference[i] < 0) continue;
        const uint64_t p = size_of(table->probes, table->probe[i]);
        const uint64_t r = size_of(table->references, table->reference[i]);
        const uint64_t poorer = p < r ? p : r;
        if (poorer > size[0]) {
            place[1] = place[0], size[1] = size[0];
            place[0] = i, size[0] = poorer;
        } else if (poorer > size[1]) {
            place[1] = i, size[1] = poorer;
        }
    }
    match->terms = 0;
    if (place[1] == 0) return CIVID_OK;
    float scores[2];
    for (int32_t k = 0; k < 2; k++) {
        const int32_t i = place[place[0] < place[1] ? k : 1 - k];
        civid_evidence_t term;
        const civid_status status = civid__table_at(table, i, i, &term);
        if (status != CIVID_OK) return status;
        add(match, scores, &term, term.score);
    }
    match->score = civid__fuse(scores, 2);
    return CIVID_OK;
}

civid_status civid__match(const civid_subjects_t *probes, const civid__set_t *probe,
                          const civid_subjects_t *references, const civid__set_t *reference,
                          const civid_rules_t *rules, void *scratch, uint64_t scratch_size,
                          civid__match_t *match) {
    static const civid__labels_t as_they_are = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};
    const int32_t flags = rules == NULL ? 0 : rules->flags;
    civid__table_t table;
    memset(table.known, 0, sizeof table.known);
    table.probes = probes, table.references = references;
    table.probe = probe->finger, table.reference = reference->finger;
    table.scratch = scratch, table.scratch_size = scratch_size;
    if (flags & CIVID_MATCH_SWAPPED) return civid__match_swapped(&table, match);
    if (flags & CIVID_MATCH_DECIDE) {
        const civid_status status = first_two(&table, match);
        if (status != CIVID_OK) return status;
        if (match->terms > 0 &&
            (match->score >= rules->decided || match->score <= rules->hopeless))
            return CIVID_OK;
    }
    return civid__match_labelled(&table, &as_they_are, match);
}
