/* table.h - the comparisons of the fingers of two sets: each is made when it is first asked for. */
#ifndef CIVID_SEARCH_TABLE_H
#define CIVID_SEARCH_TABLE_H

#include "search/match/match.h"

typedef struct {
    const civid_subjects_t *probes, *references;
    const int64_t *probe, *reference; /* the finger at each position, -1 = none */
    void *scratch;
    uint64_t scratch_size;
    uint8_t known[CIVID_POSITIONS][CIVID_POSITIONS];
    civid_comparison_t comparison[CIVID_POSITIONS][CIVID_POSITIONS];
} civid__table_t;

/* The finger of the probe at position i against that of the reference at j; both are there. */
civid_status civid__table_at(civid__table_t *table, int32_t i, int32_t j, civid_evidence_t *out);

/* The rules of match.c, with the reference's finger at position label[k] taken for one at k. label
 * is its own inverse and leaves 0 where it is, so that the score is symmetric. */
typedef struct {
    uint8_t label[CIVID_POSITIONS];
} civid__labels_t;
civid_status civid__match_labelled(civid__table_t *table, const civid__labels_t *labels,
                                   civid__match_t *match);

/* The rules of swapped.c. */
civid_status civid__match_swapped(civid__table_t *table, civid__match_t *match);

#endif
