/* inverted_stretches.h - which lists a minutia reads around a centre. */
#ifndef CIVID_SEARCH_INVERTED_STRETCHES_H
#define CIVID_SEARCH_INVERTED_STRETCHES_H

#include "search/inverted/inverted.h"

/* Minutiae from .. to - 1 of lists that lie one behind the other, the first of which is `list`. */
typedef struct {
    uint32_t from, to, list;
} civid__stretch_t;

/* The lists in reach of a direction around a centre: one stretch, or two where they lie in both
 * halves of the turn. */
static inline int32_t civid__stretches(const civid__list_t *list, uint64_t code, uint32_t centre,
                                       civid__stretch_t out[2]) {
    enum {
        ALL = CIVID__INVERTED_DIRECTIONS,
        HALF = CIVID__INVERTED_HALF,
        TURN = CIVID__INVERTED_TURN,
        REACH = 2 * TURN + 1, /* at most HALF */
    };
    const uint32_t low = (civid__direction(code) + ALL - TURN) % ALL;
    const uint32_t here = REACH < HALF - low % HALF ? REACH : HALF - low % HALF;
    const uint32_t a = civid__list_of(centre % CIVID__INVERTED, low);
    out[0] = (civid__stretch_t){list->start[a], list->start[a + here], a};
    if (here == REACH) return 1;
    const uint32_t b = civid__list_of(centre % CIVID__INVERTED, (low + here) % ALL);
    out[1] = (civid__stretch_t){list->start[b], list->start[b + REACH - here], b};
    return 2;
}

/* Which of the lists from `k` on minutia `at` of a stretch lies in. */
static inline uint32_t civid__list_at(const civid__list_t *list, uint32_t k, uint32_t at) {
    while (k + 1 < CIVID__INVERTED_LISTS && list->start[k + 1] <= at) k++;
    return k;
}

#endif
