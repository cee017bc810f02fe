/* make_kernel.c - taps of one even, zero-mean Gabor filter (Daugman 1985; Hong et al. 1998).
 *
 * A print needs a hundred of them and more, so they are made from tables of one variable: the wave
 * by cos(a + b), the envelope by exp(-A x^2) exp(-C y^2) exp(-B x y); and half of them, because
 * f(-x, -y) = f(x, y). */
#include "extract/extract_stages.h"

enum { ROWS = KERNEL_ROWS, RADIUS = KERNEL_RADIUS };

void civid__make_kernel(const civid_extraction_t *parameters, float angle, float period,
                        int16_t *taps) {
    float s, c, cos_x[ROWS], sin_x[ROWS], cos_y[ROWS], sin_y[ROWS], env_x[ROWS], env_y[ROWS];
    float g[RADIUS + 1][ROWS], wave[RADIUS + 1][ROWS];
    civid__sincos(angle, &s, &c);
    const float across = parameters->sigma_across * period;
    float along = parameters->sigma_along * period;
    if (along < SIGMA_ALONG_MIN) along = SIGMA_ALONG_MIN;
    const float omega = CIVID_TWO_PI / period;
    const float p = 0.5f / (across * across), q = 0.5f / (along * along);
    const float a = p * s * s + q * c * c, b = 2 * s * c * (p - q), d = p * c * c + q * s * s;
    for (int32_t i = 0; i < ROWS; i++) {
        const float t = (float)(i - RADIUS);
        civid__sincos(omega * t * s, &sin_x[i], &cos_x[i]);
        civid__sincos(omega * t * c, &sin_y[i], &cos_y[i]);
        env_x[i] = civid__expf(-a * t * t);
        env_y[i] = civid__expf(-d * t * t);
    }
    float area = 0, offset = 0, gain = 0;
    for (int32_t y = 0; y <= RADIUS; y++) { /* rows -RADIUS..0; the middle row counts half */
        const float v = (float)(y - RADIUS), weight = y < RADIUS ? 2.0f : 1.0f;
        for (int32_t x = 0; x < ROWS; x++) {
            g[y][x] = env_x[x] * env_y[y] * civid__expf(-b * (float)(x - RADIUS) * v);
            wave[y][x] = cos_x[x] * cos_y[y] - sin_x[x] * sin_y[y];
        }
        for (int32_t x = 0; x < ROWS; x++) {
            area += weight * g[y][x];
            offset += weight * g[y][x] * wave[y][x];
        }
    }
    offset /= area;
    for (int32_t y = 0; y <= RADIUS; y++) {
        const float weight = y < RADIUS ? 2.0f : 1.0f;
        for (int32_t x = 0; x < ROWS; x++)
            gain += weight * g[y][x] * (wave[y][x] - offset) * wave[y][x];
    }
    const float unity = (float)(1 << KERNEL_UNITY) / gain;
    for (int32_t y = 0; y <= RADIUS; y++)
        for (int32_t x = 0; x < ROWS; x++) {
            const float t = g[y][x] * (wave[y][x] - offset) * unity;
            const int16_t tap = (int16_t)(t + (t < 0 ? -0.5f : 0.5f));
            taps[y * KERNEL_STRIDE + x] = tap;
            taps[(ROWS - 1 - y) * KERNEL_STRIDE + ROWS - 1 - x] = tap;
        }
}
