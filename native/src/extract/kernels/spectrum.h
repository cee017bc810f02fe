/* spectrum.h - the inner loops of Fourier transforms and of filters, with a twin for AVX2.
 *
 * Plain loops over values that do not depend on each other: what is inside becomes vectors of any
 * width with the same bits. */
#ifndef CIVID_EXTRACT_SPECTRUM_H
#define CIVID_EXTRACT_SPECTRUM_H

#include <stdint.h>

/* One stage of a transform: `radix` (2, 3, 4 or 5) pieces of n / radix values, in which `done` are
 * transformed already. Values are rows of `lanes` floats, `stride` apart, real and imaginary apart. */
typedef struct {
    const float *cosine, *sine; /* of -2 pi k / n */
    int32_t n, done, radix, lanes, stride;
} civid__stage_t;

typedef void civid__stage_fn(const civid__stage_t *stage, const float *re, const float *im,
                             float *to_re, float *to_im);

/* One row of a log-Gabor filter: gain = exp(wide log(r period)^2 + narrow (cos - 1)) at the places
 * (x, y0 + k step), k = 0 .. n - 1. */
typedef struct {
    float x, y0, step, cosine, sine, period, wide, narrow;
} civid__filter_t;

typedef void civid__gains_fn(const civid__filter_t *filter, int32_t n, float *gain);

civid__stage_fn civid__stage_portable, civid__stage_avx2;
civid__gains_fn civid__gains_portable, civid__gains_avx2;

#endif
