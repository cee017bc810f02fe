/* pool.h - templates made once, before the first run: computing codes is the dear part of a gallery,
 * and what a target wants to see is what lies around them. */
#ifndef CIVID_FUZZ_POOL_H
#define CIVID_FUZZ_POOL_H

#include "fuzz.h"

enum { POOL = 16, POOL_MOST = 18 };

/* How many minutiae each has; neighbours are impressions of one finger. */
static const int32_t pool_count[POOL] = {0, 1, 2, 2, 5, 6, 7, 8, 9, 10, 12, 12, 14, 16, 17, POOL_MOST};

/* Who has found them. */
static inline int32_t pool_extractor(int32_t which) { return which % 3 == 0; }

static inline uint32_t pool_random(uint32_t *state) { return (*state = *state * 1664525u + 1013904223u) >> 8; }

static inline void pool_minutiae(int32_t which, civid_minutia_t *out) {
    uint32_t state = (uint32_t)which / 2 * 77 + 5, shake = (uint32_t)which;
    memset(out, 0, (size_t)pool_count[which] * sizeof *out);
    for (int32_t i = 0; i < pool_count[which]; i++) {
        out[i].x = (float)(pool_random(&state) % 160 + pool_random(&shake) % 5);
        out[i].y = (float)(pool_random(&state) % 160 + pool_random(&shake) % 5);
        out[i].angle = (float)(pool_random(&state) % 256) * (6.2831853f / 256);
        out[i].kind = (uint8_t)(pool_random(&state) % 3);
        out[i].quality = (uint8_t)(pool_random(&state) % 101);
    }
}

#endif
