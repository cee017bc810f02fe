/* fourier.c - Stockham's transform with factors 2 to 5, many columns side by side. */
#include "extract/learned/fourier.h"

#include <string.h>

#include "kernels.h"
#include "mathf.h"

int32_t civid__fourier_side(int32_t n) {
    for (int32_t side = (n + 15) / 16 * 16;; side += 16) {
        int32_t left = side;
        while (left % 2 == 0) left /= 2;
        while (left % 3 == 0) left /= 3;
        while (left % 5 == 0) left /= 5;
        if (left == 1) return side;
    }
}

civid__turns_t civid__fourier_turns(int32_t n, float *turns) {
    for (int32_t k = 0; k < n; k++) {
        float s, c;
        civid__sincos(CIVID_TWO_PI * (float)k / (float)n, &s, &c);
        turns[k] = c, turns[n + k] = -s;
    }
    return (civid__turns_t){n, turns, turns + n};
}

/* Blocks of eight rows stay in the cache. */
static void transpose(int32_t rows, int32_t columns, const float *in, float *out) {
    for (int32_t y = 0; y < rows; y += 8)
        for (int32_t x = 0; x < columns; x++)
            for (int32_t k = y; k < y + 8 && k < rows; k++)
                out[(int64_t)x * rows + k] = in[(int64_t)k * columns + x];
}

typedef struct {
    float *re, *im;
} pair_t;

/* Returns where the result is: in the one or in the other. */
static pair_t columns(civid__turns_t side, int32_t lanes, pair_t in, pair_t other) {
    static const int32_t radices[] = {5, 4, 3, 2};
    civid__stage_t stage = {side.cosine, side.sine, side.n, 1, 0, lanes, lanes};
    for (int32_t k = 0; k < 4; k++)
        while (side.n / stage.done % radices[k] == 0) {
            stage.radix = radices[k];
            civid__kernels()->stage(&stage, in.re, in.im, other.re, other.im);
            stage.done *= stage.radix;
            const pair_t made = other;
            other = in, in = made;
        }
    return in;
}

void civid__fourier_plane(civid__turns_t m, civid__turns_t n, float *re, float *im, float *work) {
    const int64_t size = (int64_t)m.n * n.n;
    const pair_t own = {re, im}, room = {work, work + size};
    pair_t at = columns(m, n.n, own, room);
    pair_t other = at.re == re ? room : own;
    transpose(m.n, n.n, at.re, other.re);
    transpose(m.n, n.n, at.im, other.im);
    at = columns(n, m.n, other, at);
    if (at.re == re) return;
    memcpy(re, at.re, (size_t)size * sizeof *re);
    memcpy(im, at.im, (size_t)size * sizeof *im);
}
