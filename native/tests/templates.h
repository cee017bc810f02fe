/* templates.h - seeded minutiae made of integers, for tests of what is prepared and packed. */
#ifndef CIVID_TESTS_TEMPLATES_H
#define CIVID_TESTS_TEMPLATES_H

#include <string.h>

#include "test.h"

/* From the density of a print to all in one place; every eighth repeats another, nearly. */
static inline void civid__minutiae(uint64_t seed, int32_t count,
                                   civid_minutia_t minutiae[CIVID_MAX_MINUTIAE]) {
    static const int32_t sides[] = {1200, 1200, 2400, 1200, 600, 16, 1, 32000};
    uint64_t state = seed;
    const int32_t side = sides[seed % 8];
    memset(minutiae, 0, CIVID_MAX_MINUTIAE * sizeof *minutiae);
    for (int32_t i = 0; i < count; i++) {
        civid_minutia_t *m = &minutiae[i];
        if (i > 0 && civid__below(&state, 8) == 0) {
            *m = minutiae[civid__below(&state, i)];
            if (civid__below(&state, 2)) m->quality = (uint8_t)civid__below(&state, 101);
            continue;
        }
        m->x = (float)(civid__below(&state, side) - side / 2) / 8; /* eighths: both ways to round */
        m->y = (float)(civid__below(&state, side) - side / 2) / 8;
        m->angle = (float)(civid__below(&state, 1024) - 256) * (6.2831853f / 512);
        m->kind = (uint8_t)civid__below(&state, 3);
        m->quality = (uint8_t)civid__below(&state, 101);
    }
}

/* Between 0 and CIVID_MAX_MINUTIAE: those at the edges of a block first, then as a print has. */
static inline int32_t civid__count(uint64_t seed) {
    static const int32_t edges[] = {0, 1, 2, 7, 8, 9, 16, 17, 63, 64, 65, 254, 255};
    enum { EDGES = sizeof edges / sizeof *edges };
    uint64_t state = ~seed;
    return seed < EDGES ? edges[seed] : civid__below(&state, seed % 16 ? 90 : 256);
}

#endif
