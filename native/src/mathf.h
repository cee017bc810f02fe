/* mathf.h - the few elementary functions the engine needs, with the same bits everywhere.
 *
 * libm picks FMA variants at run time and differs between versions and platforms, so a score
 * would depend on where it was computed. These are plain float32 polynomials, evaluated in a fixed
 * order under -ffp-contract=off. */
#ifndef CIVID_MATHF_H
#define CIVID_MATHF_H

#include <math.h> /* sqrtf, fabsf, floorf only: exact by IEEE 754 */
#include <stdint.h>
#include <string.h>

#define CIVID_PI 3.14159265358979f
#define CIVID_TWO_PI 6.28318530717959f

/* atan2 in (-pi, pi]; (0, 0) gives 0. An odd polynomial of degree 11 on [0, 1] and reflections;
 * largest error about 1e-5 rad, far below what a minutia's direction is known to. */
static inline float civid__atan2(float y, float x) {
    const float ax = fabsf(x), ay = fabsf(y);
    const float high = ax > ay ? ax : ay, low = ax > ay ? ay : ax;
    const float t = low / (high == 0.0f ? 1.0f : high), s = t * t;
    float p = -0.0117212f;
    p = p * s + 0.05265332f;
    p = p * s - 0.11643287f;
    p = p * s + 0.19354346f;
    p = p * s - 0.33262347f;
    p = p * s + 0.99997726f;
    p = p * t;
    /* Selects of values, not branches: loops over this can be vectorised. */
    p = (ay > ax ? 1.57079637f : 0.0f) + (ay > ax ? -p : p);
    p = (x < 0.0f ? CIVID_PI : 0.0f) + (x < 0.0f ? -p : p);
    return y < 0.0f ? -p : p;
}

/* sin and cos by reduction to [-pi/4, pi/4]; error below 2e-7 for |x| < 1000. */
static inline void civid__sincos(float x, float *sine, float *cosine) {
    const float k = floorf(x * 0.636619772f + 0.5f);
    float r = x - k * 1.5703125f;
    r = r - k * 4.837512969970703125e-4f;
    r = r - k * 7.54978995489188e-8f;
    const float s = r * r;
    const float si = r + r * s * (-0.16666654611f + s * (8.3321608736e-3f - s * 1.9515295891e-4f));
    const float co =
        1.0f - 0.5f * s + s * s * (4.166664568298827e-2f + s * (-1.388731625493765e-3f + s * 2.443315711809948e-5f));
    switch ((int32_t)k & 3) {
    case 0: *sine = si, *cosine = co; break;
    case 1: *sine = co, *cosine = -si; break;
    case 2: *sine = -si, *cosine = -co; break;
    default: *sine = -co, *cosine = si; break;
    }
}

/* Difference of two angles, wrapped to (-pi, pi], for angles within a few turns. */
static inline float civid__angle_difference(float a, float b) {
    float d = a - b;
    d = d - CIVID_TWO_PI * floorf(d * (1.0f / CIVID_TWO_PI) + 0.5f);
    return d <= -CIVID_PI ? d + CIVID_TWO_PI : d;
}

/* e to what is left of x without its k halvings or doublings: a polynomial of degree 5 on half a bit
 * either side. */
static inline float civid__exp_rest(float x, float k) {
    float r = x - k * 0.693359375f;
    r = r + k * 2.12194440e-4f;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    return p * r * r + r + 1.0f;
}

/* exp for x in [-80, 80] (clamped to it): 2^k times a polynomial of degree 5 on half a bit either
 * side; relative error below 3e-7. */
static inline float civid__expf(float x) {
    x = x < -80.0f ? -80.0f : x > 80.0f ? 80.0f : x;
    const float k = floorf(x * 1.44269504f + 0.5f);
    const float p = civid__exp_rest(x, k);
    const union { int32_t bits; float value; } scale = {((int32_t)k + 127) * (1 << 23)};
    return p * scale.value;
}

/* e to the x, for x from -87 to 0 and nearly nothing below, in steps that compilers make vectors of
 * (civid__expf has a floorf, and branches for what is out of range). Relative error below 3e-7. */
static inline float civid__exp_negative(float x) {
    const int32_t nearest = (int32_t)(x * 1.44269504f - 0.5f); /* towards 0 is up */
    const int32_t whole = nearest < -126 ? -126 : nearest;
    const float k = (float)whole;
    const float p = civid__exp_rest(x, k);
    const int32_t bits = (whole + 127) * (1 << 23);
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

/* 1 / sqrt of a positive, normal number, for loops that compilers make vectors of (they keep sqrtf
 * apart, which may set errno): an estimate from the exponent and three steps of Newton's; relative
 * error below 3e-7. */
static inline float civid__inverse_sqrt(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = 0x5f3759dfu - (bits >> 1);
    float y;
    memcpy(&y, &bits, sizeof y);
    y = y * (1.5f - 0.5f * x * y * y);
    y = y * (1.5f - 0.5f * x * y * y);
    return y * (1.5f - 0.5f * x * y * y);
}

/* Natural logarithm of a positive, normal number: x = 2^k m with m in [sqrt(1/2), sqrt(2)), then
 * the series of atanh((m - 1) / (m + 1)). Error below 3e-7 relative to max(1, |log x|). */
static inline float civid__log(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits += 0x3f800000u - 0x3f3504f3u;
    const float k = (float)((int32_t)(bits >> 23) - 127);
    bits = (bits & 0x007fffffu) + 0x3f3504f3u;
    float m;
    memcpy(&m, &bits, sizeof m);
    const float r = (m - 1.0f) / (m + 1.0f), s = r * r;
    const float p = 0.666666687f + s * (0.4f + s * (0.285714298f + s * 0.222222224f));
    return k * 0.693147182f + (2.0f * r + r * s * p);
}

#endif
