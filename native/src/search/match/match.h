/* match.h - one set of fingers against another. */
#ifndef CIVID_SEARCH_MATCH_H
#define CIVID_SEARCH_MATCH_H

#include "search/arrays/subjects.h"

/* How two sets compare. The scores of (a, b) and (b, a) are equal. */
typedef struct {
    int32_t terms; /* 0 = no finger to compare */
    float score;
    civid_evidence_t evidence[CIVID_POSITIONS];
} civid__match_t;

/* May be NULL. */
civid_status civid__rules_check(const civid_rules_t *rules);

/* Those that hold where NULL may be given; nothing in them is NULL. They have been checked. */
civid_rules_t civid__rules(const civid_rules_t *rules);

/* rules have been checked. */
civid_status civid__match(const civid_subjects_t *probes, const civid__set_t *probe,
                          const civid_subjects_t *references, const civid__set_t *reference,
                          const civid_rules_t *rules, void *scratch, uint64_t scratch_size,
                          civid__match_t *match);

#endif
