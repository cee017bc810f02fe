/* subjects.h - checked access to the flat arrays of a gallery. */
#ifndef CIVID_SEARCH_SUBJECTS_H
#define CIVID_SEARCH_SUBJECTS_H

#include <stdint.h>

#include "civid.h"

/* Pointers there, counts and the range inside the table. */
civid_status civid__subjects_check(const civid_subjects_t *subjects, int64_t begin, int64_t end);

/* The same for one subject. */
civid_status civid__subjects_check_one(const civid_subjects_t *subjects, int64_t subject);

/* Which finger stands at each position of a subject; -1 = none. Looks at this subject's entries
 * of the arrays only, and checks them all: after CIVID_OK each finger lies inside the block. */
typedef struct {
    int64_t finger[CIVID_POSITIONS];
} civid__set_t;
civid_status civid__subjects_set(const civid_subjects_t *subjects, int64_t subject,
                                 civid__set_t *set);

static inline int civid__subjects_alive(const civid_subjects_t *subjects, int64_t subject) {
    return subjects->alive == NULL || subjects->alive[subject];
}

#endif
