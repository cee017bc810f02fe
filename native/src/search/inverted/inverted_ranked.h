/* inverted_ranked.h - who has a rank, a bit each: it stays in the nearest cache. */
#ifndef CIVID_SEARCH_INVERTED_RANKED_H
#define CIVID_SEARCH_INVERTED_RANKED_H

#include <stddef.h>
#include <string.h>

#include "search/inverted/inverted.h"

typedef struct {
    uint32_t word[CIVID__RANK_WORDS];
} civid__ranks_t;

static inline int civid__has_rank(const civid__ranks_t *ranks, uint32_t s) {
    return (int)(ranks->word[s / 32] >> (s % 32) & 1);
}

/* Those whose rank is not 0; no partner is known of them yet. */
static inline void civid__nobody_yet(int32_t subjects, const civid__asked_t *asked,
                                     const uint16_t *rank, int32_t ranks, civid__ranks_t *ranked,
                                     uint16_t *partner) {
    enum { AT_ONCE = 4 }; /* next to nobody has one */
    memset(ranked, 0, sizeof *ranked);
    for (int32_t s = 0; s < subjects; s += AT_ONCE) {
        const int32_t left = subjects - s < AT_ONCE ? subjects - s : AT_ONCE;
        uint64_t some = 0;
        memcpy(&some, rank + s, (size_t)left * sizeof *rank);
        for (int32_t i = 0; some != 0 && i < left; i++)
            ranked->word[(s + i) / 32] |= (uint32_t)(rank[s + i] > 0) << ((s + i) % 32);
    }
    for (int64_t k = 0; k < (int64_t)ranks * asked->count; k++) partner[k] = CIVID__PARTNER_NONE;
}

#endif
