/* table.h - the comparisons of the fingers of two sets: each is made when it is first asked for. */
#ifndef CIVID_SEARCH_TABLE_H
#define CIVID_SEARCH_TABLE_H

#include "search/match/match.h"

typedef struct {
    const civid_subjects_t *probes, *references;
    const int64_t *probe, *reference; /* the finger at each position, -1 = none */
    civid_rules_t rules; /* nothing in it is NULL */
    void *scratch;
    uint64_t scratch_size;
    uint8_t known[CIVID_POSITIONS][CIVID_POSITIONS];
    civid_comparison_t comparison[CIVID_POSITIONS][CIVID_POSITIONS];
} civid__table_t;

/* One finger against another. pairs: NULL, or CIVID_MAX_MINUTIAE items. */
civid_status civid__compare_fingers(const civid_subjects_t *probes, int64_t probe,
                                    const civid_subjects_t *references, int64_t reference,
                                    const civid_rules_t *rules, void *scratch,
                                    uint64_t scratch_size,
                                    civid_comparison_t *out, civid_pair_t *pairs);

/* The finger of the probe at position i against that of the reference at j; both are there. */
civid_status civid__table_at(civid__table_t *table, int32_t i, int32_t j, civid_evidence_t *out);

/* One more term; scores has what the terms add to the fused score. */
void civid__add_term(civid__match_t *match, float *scores, const civid_evidence_t *term,
                     float score);

/* The rules of labelled.c, with the reference's finger at position label[k] taken for one at k. label
 * is its own inverse and leaves 0 where it is, so that the score is symmetric. */
typedef struct {
    uint8_t label[CIVID_POSITIONS];
} civid__labels_t;
civid_status civid__match_labelled(civid__table_t *table, const civid__labels_t *labels,
                                   civid__match_t *match);

/* The rules of swapped.c. */
civid_status civid__match_swapped(civid__table_t *table, civid__match_t *match);

#endif
