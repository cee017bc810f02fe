/* part.h - checked access to the flat arrays of a part of a gallery. */
#ifndef CIVID_SEARCH_PART_H
#define CIVID_SEARCH_PART_H

#include "civid.h"
#include "compare/template/packed.h"
#include "search/scan/scan.h"

/* Pointers there, counts and the range inside the table; codes wanted or not. */
civid_status civid__part_check(const civid_part_t *part, int64_t begin, int64_t end, int codes);

/* The fingers of a subject, first to last - 1; positions ascend. */
civid_status civid__part_fingers(const civid_part_t *part, int64_t subject, int64_t *first,
                                 int64_t *last);

/* A finger's bytes, and its codes; they lie inside the arrays. Cheap: the header of the packed
 * template is not looked at, since the lengths say how many minutiae it has. */
typedef struct {
    const void *packed;
    uint64_t size;
    civid__codes_t codes;
} civid__finger_t;
civid_status civid__part_finger(const civid_part_t *part, int64_t finger, civid__finger_t *out);

static inline int civid__part_alive(const civid_part_t *part, int64_t subject) {
    return part->alive == NULL || part->alive[subject];
}

#endif
