/* inverted_looks.h - one probe looked for in lists, for several questions about it at once: with all
 * of its fingers, with one alone, under any label. What a finger finds in the lists of a position is
 * found once for all that ask it, and each question has the answer that it has by itself. */
#ifndef CIVID_SEARCH_INVERTED_LOOKS_H
#define CIVID_SEARCH_INVERTED_LOOKS_H

#include "search/arrays/part.h"
#include "search/inverted/inverted.h"
#include "search/inverted/together/together.h"

/* A probe: its fingers, those with most minutiae first, and what each asks. */
typedef struct {
    int32_t count;
    uint8_t position[CIVID_POSITIONS];
    civid__finger_t finger[CIVID_POSITIONS];
    civid__asked_t asked[CIVID_POSITIONS];
    const civid__found_t *found; /* what was found for it among others; NULL: nothing was */
} civid__query_t;

/* A question, and what the subjects come to: an item each. */
typedef struct {
    uint32_t positions; /* bit i: with the probe's finger of position i */
    int32_t flags;
    int32_t most;   /* of what each finger asks, so much is looked for */
    int alone;      /* one finger says all: the fine stage takes more */
    int64_t keep;
    int64_t there;  /* subjects that are not passed over */
    int64_t open;   /* those of them that may still have more fingers taken */
    int several;    /* the probe's finger may be any of several; else no best is needed */
    float *values;  /* of the coarse stage; CIVID__NOTHING: passed over. Then of both, of the chosen */
    float *best;    /* of one finger of the probe, in any of the subject's that it may be */
    uint16_t *chosen; /* who gets to the fine stage, ascending */
    int32_t choices;
    uint8_t *terms; /* fingers taken */
} civid__look_t;

/* Memory that all questions share. */
typedef struct {
    uint32_t *state; /* of one finger of the probe */
} civid__shared_t;

/* The subjects in the lists. At most `fingers` of their fingers are taken; those before `after` are
 * passed over. */
typedef struct {
    const civid__inverted_t *lists;
    const civid_part_t *references;
    int64_t begin, after;
    int32_t fingers;
} civid__among_t;

/* Both stages: values of each look, of those who were chosen for the fine one, in their order. */
civid_status civid__inverted_looks(const civid__query_t *query, const civid__among_t *among,
                                   civid__look_t *looks, int64_t count,
                                   const civid__shared_t *shared);

/* The best `keep` of them, by ascending reference, the first of which is `begin`. How many. */
int64_t civid__look_best(const civid__look_t *look, int64_t begin, int64_t slot,
                         civid_candidate_t *candidates);

#endif
