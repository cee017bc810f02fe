/* match.c - which fingers of two sets are compared, and the fused score.
 * The rules are those of labelled.c, or, where the labels are not trusted, of swapped.c. */
#include "search/match/match.h"

#include <stddef.h>
#include <string.h>

#include "compare/comparator.h"
#include "search/match/fuse.h"
#include "search/match/fusion.h"
#include "search/match/table.h"

civid_status civid__rules_check(const civid_rules_t *rules) {
    if (rules == NULL) return CIVID_OK;
    const civid_comparator_t *comparator;
    const civid_fusion_t *fusion;
    civid_status status = civid__comparator(rules->comparator, &comparator);
    if (status == CIVID_OK) status = civid__fusion(rules->fusion, &fusion);
    if (status != CIVID_OK) return status;
    if (rules->flags & ~(CIVID_MATCH_SWAPPED | CIVID_MATCH_DECIDE)) return CIVID_E_VALUE;
    if (!(rules->flags & CIVID_MATCH_DECIDE)) return CIVID_OK;
    if (rules->flags & CIVID_MATCH_SWAPPED) return CIVID_E_VALUE;
    return rules->hopeless < rules->decided ? CIVID_OK : CIVID_E_VALUE;
}

civid_rules_t civid__rules(const civid_rules_t *rules) {
    civid_rules_t meant = {0, 0, 0, NULL, NULL};
    if (rules != NULL) meant = *rules;
    if (meant.comparator == NULL) meant.comparator = &civid__comparator_standard;
    if (meant.fusion == NULL) meant.fusion = &civid__fusion_standard;
    return meant;
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
        civid__add_term(match, scores, &term, term.score);
    }
    match->score = civid__fuse(scores, 2, table->rules.fusion);
    return CIVID_OK;
}

civid_status civid__match(const civid_subjects_t *probes, const civid__set_t *probe,
                          const civid_subjects_t *references, const civid__set_t *reference,
                          const civid_rules_t *rules, void *scratch, uint64_t scratch_size,
                          civid__match_t *match) {
    static const civid__labels_t as_they_are = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};
    civid__table_t table;
    memset(table.known, 0, sizeof table.known);
    table.probes = probes, table.references = references;
    table.probe = probe->finger, table.reference = reference->finger;
    table.rules = civid__rules(rules);
    const int32_t flags = table.rules.flags;
    table.scratch = scratch, table.scratch_size = scratch_size;
    if (flags & CIVID_MATCH_SWAPPED) return civid__match_swapped(&table, match);
    if (flags & CIVID_MATCH_DECIDE) {
        const civid_status status = first_two(&table, match);
        if (status != CIVID_OK) return status;
        if (match->terms > 0 &&
            (match->score >= table.rules.decided || match->score <= table.rules.hopeless))
            return CIVID_OK;
    }
    return civid__match_labelled(&table, &as_they_are, match);
}
