/* inverted_stretches.h - which lists a minutia reads around a centre. */
#ifndef CIVID_SEARCH_INVERTED_STRETCHES_H
#define CIVID_SEARCH_INVERTED_STRETCHES_H

#include "search/inverted/inverted.h"

/* Minutiae from .. to - 1 of lists that lie one behind the other. */
typedef struct {
    uint32_t from, to;
} civid__stretch_t;

/* The lists in reach of a direction around a centre: one stretch, or two across the turn's end. */
static inline int32_t civid__stretches(const civid__list_t *list, uint64_t code, uint32_t centre,
                                       civid__stretch_t out[2]) {
    enum { ALL = CIVID__INVERTED_DIRECTIONS, TURN = CIVID__INVERTED_TURN };
    const uint32_t *start = list->start + centre % CIVID__INVERTED * ALL;
    const int32_t low = (int32_t)civid__direction(code) - TURN, high = low + 2 * TURN + 1;
    out[0] = (civid__stretch_t){start[low < 0 ? 0 : low], start[high > ALL ? ALL : high]};
    if (low >= 0 && high <= ALL) return 1;
    out[1] = low < 0 ? (civid__stretch_t){start[ALL + low], start[ALL]}
                     : (civid__stretch_t){start[0], start[high - ALL]};
    return 2;
}

#endif
