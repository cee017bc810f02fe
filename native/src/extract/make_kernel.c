/* make_kernel.c - taps of one even, zero-mean Gabor filter (Daugman 1985; Hong et al. 1998).
 *
 * A print needs a hundred of them and more, so they are made from tables of one variable: the wave
 * by cos(a + b), the envelope by exp(-A x^2) exp(-C y^2) exp(-B x y); and half of them, because
 * f(-x, -y) = f(x, y). */
#include "extract/extract_stages.h"

#define N KERNEL_ROWS
#define R KERNEL_RADIUS

void civid__make_kernel(float angle, float period, int16_t *taps) {
    float s, c, cos_x[N], sin_x[N], cos_y[N], sin_y[N], env_x[N], env_y[N];
    float g[R + 1][N], wave[R + 1][N];
    civid__sincos(angle, &s, &c);
    const float across = SIGMA_ACROSS * period;
    float along = SIGMA_ALONG * period;
    if (along < SIGMA_ALONG_MIN) along = SIGMA_ALONG_MIN;
    const float omega = CIVID_TWO_PI / period;
    const float p = 0.5f / (across * across), q = 0.5f / (along * along);
    const float a = p * s * s + q * c * c, b = 2 * s * c * (p - q), d = p * c * c + q * s * s;
    for (int32_t i = 0; i < N; i++) {
        const float t = (float)(i - R);
        civid__sincos(omega * t * s, &sin_x[i], &cos_x[i]);
        civid__sincos(omega * t * c, &sin_y[i], &cos_y[i]);
        env_x[i] = civid__expf(-a * t * t);
        env_y[i] = civid__expf(-d * t * t);
    }
    float area = 0, offset = 0, gain = 0;
    for (int32_t y = 0; y <= R; y++) { /* rows -R..0; the middle row counts half */
        const float v = (float)(y - R), weight = y < R ? 2.0f : 1.0f;
        for (int32_t x = 0; x < N; x++) {
            g[y][x] = env_x[x] * env_y[y] * civid__expf(-b * (float)(x - R) * v);
            wave[y][x] = cos_x[x] * cos_y[y] - sin_x[x] * sin_y[y];
        }
        for (int32_t x = 0; x < N; x++) {
            area += weight * g[y][x];
            offset += weight * g[y][x] * wave[y][x];
        }
    }
    offset /= area;
    for (int32_t y = 0; y <= R; y++) {
        const float weight = y < R ? 2.0f : 1.0f;
        for (int32_t x = 0; x < N; x++)
            gain += weight * g[y][x] * (wave[y][x] - offset) * wave[y][x];
    }
    const float unity = (float)(1 << KERNEL_UNITY) / gain;
    for (int32_t y = 0; y <= R; y++)
        for (int32_t x = 0; x < N; x++) {
            const float t = g[y][x] * (wave[y][x] - offset) * unity;
            const int16_t tap = (int16_t)(t + (t < 0 ? -0.5f : 0.5f));
            taps[y * KERNEL_STRIDE + x] = tap;
            taps[(N - 1 - y) * KERNEL_STRIDE + N - 1 - x] = tap;
        }
}
