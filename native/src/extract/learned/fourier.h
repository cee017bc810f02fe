/* fourier.h - discrete Fourier transforms of float32, the same bits everywhere. */
#ifndef CIVID_EXTRACT_FOURIER_H
#define CIVID_EXTRACT_FOURIER_H

#include <stdint.h>

/* Side of a transform that holds n values: the least multiple of 16 that has no factor over 5. */
int32_t civid__fourier_side(int32_t n);

/* A side and its turns, exp(-2 pi i k / n) for k = 0 .. n - 1; `turns` has 2 n floats. */
typedef struct {
    int32_t n;
    const float *cosine, *sine;
} civid__turns_t;

civid__turns_t civid__fourier_turns(int32_t n, float *turns);

/* n transforms of m values in place, side by side: value k of transform j at [k * n + j], real and
 * imaginary parts apart. Transposed on the way, so that columns become rows, and all of those are
 * transformed, too. work: as large as re and im together. With re and im changed about it goes back,
 * but for a factor of m n. */
void civid__fourier_plane(civid__turns_t m, civid__turns_t n, float *re, float *im, float *work);

#endif
