/* picture.h - a print of nobody with minutiae at known places, made of integers only, so that it is
 * the same on every machine. */
#ifndef CIVID_TESTS_PICTURE_H
#define CIVID_TESTS_PICTURE_H

#include "test.h"

enum { PICTURE_WIDTH = 270, PICTURE_HEIGHT = 310, PICTURE_MINUTIAE = 12 };

/* Once round a point is one period of 72: a ridge more on one side, a minutia in the middle. */
static inline int32_t civid__round_about(int32_t dx, int32_t dy) {
    const int32_t x = dx < 0 ? -dx : dx, y = dy < 0 ? -dy : dy;
    if (x + y == 0) return 0;
    const int32_t quarter = 18 * y / (x + y);
    if (dy >= 0) return dx >= 0 ? quarter : 36 - quarter;
    return dx >= 0 ? 72 - quarter : 36 + quarter;
}

/* Where minutia k of a picture lies. */
static inline int32_t civid__picture_x(int32_t k, int32_t which) {
    return 65 + 45 * (k % 4) + 7 * which;
}
static inline int32_t civid__picture_y(int32_t k) { return 85 + 65 * (k / 4); }

/* A triangle wave that is bent a little, with twelve dislocations and noise, in an oval. */
static inline void civid__picture(uint8_t *pixels, int32_t which) {
    uint64_t state = (uint64_t)which + 1;
    for (int32_t y = 0; y < PICTURE_HEIGHT; y++)
        for (int32_t x = 0; x < PICTURE_WIDTH; x++) {
            int32_t phase = 8 * y + x * (which + 1) + (x - PICTURE_WIDTH / 2) * (x - PICTURE_WIDTH / 2) / 60;
            for (int32_t k = 0; k < PICTURE_MINUTIAE; k++) {
                const int32_t turn = civid__round_about(x - civid__picture_x(k, which),
                                                        y - civid__picture_y(k));
                phase += k & 1 ? turn : 72 - turn;
            }
            phase %= 72;
            const int32_t wave = phase < 36 ? phase : 72 - phase;
            const int32_t noise = civid__below(&state, 50);
            const int32_t u = x - PICTURE_WIDTH / 2, v = y - PICTURE_HEIGHT / 2;
            const int32_t far = u * u * 100 / (PICTURE_WIDTH * PICTURE_WIDTH) +
                                v * v * 100 / (PICTURE_HEIGHT * PICTURE_HEIGHT);
            const int32_t value = far < 22 ? 40 + wave * 4 + noise : 225 + noise / 2;
            pixels[y * PICTURE_WIDTH + x] = (uint8_t)value;
        }
}

#endif
