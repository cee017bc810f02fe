/* ridge_period.c - distance between ridges, from the autocorrelation of signatures across them.
 *
 * A signature averages grey along the ridge in an oriented window (Hong, Wan, Jain 1998); the
 * first strong peak of its autocorrelation is the period. Signatures are smoothed by trust. */
#include <string.h>

#include "extract/extract_stages.h"

enum { SAMPLES = 2 * SIGNATURE_HALF + 1 };

/* Average along the ridge at each step across it, around (cx, cy); mean removed. */
static void sample(const civid__frame_t *f, float cx, float cy, float cosine, float sine,
                   int32_t *out) {
    int32_t total = 0;
    for (int32_t k = 0; k < SAMPLES; k++) {
        const float x0 = cx + (float)(k - SIGNATURE_HALF) * sine;
        const float y0 = cy + (float)(k - SIGNATURE_HALF) * cosine;
        int32_t sum = 0;
        for (int32_t m = -SIGNATURE_WIDTH; m <= SIGNATURE_WIDTH; m += 2) {
            const int32_t x = (int32_t)(x0 + (float)m * cosine + 64.5f) - 64;
            const int32_t y = (int32_t)(y0 - (float)m * sine + 64.5f) - 64;
            if (x >= 0 && x < f->width && y >= 0 && y < f->height)
                sum += f->normal.origin[(int64_t)y * f->normal.stride + x];
        }
        out[k] = sum;
        total += sum;
    }
    const int32_t mean = total / SAMPLES;
    for (int32_t k = 0; k < SAMPLES; k++) out[k] -= mean;
}

/* Period of a signature (0 = none) and how periodic it is. */
static float peak(const int32_t *s, float *trust) {
    float r[LAG_MAX + 2], zero = 0;
    for (int32_t k = 0; k < SAMPLES; k++) zero += (float)s[k] * (float)s[k];
    zero /= SAMPLES;
    *trust = 0;
    if (zero < 1000.0f) return 0;
    for (int32_t lag = LAG_MIN - 1; lag <= LAG_MAX + 1; lag++) {
        float sum = 0;
        for (int32_t k = 0; k + lag < SAMPLES; k++) sum += (float)s[k] * (float)s[k + lag];
        r[lag] = sum / ((float)(SAMPLES - lag) * zero);
    }
    float best = 0;
    for (int32_t lag = LAG_MIN; lag <= LAG_MAX; lag++)
        if (r[lag] >= r[lag - 1] && r[lag] > r[lag + 1] && r[lag] > best) best = r[lag];
    if (best < PERIOD_TRUST) return 0;
    for (int32_t lag = LAG_MIN; lag <= LAG_MAX; lag++) {
        if (!(r[lag] >= r[lag - 1] && r[lag] > r[lag + 1] && r[lag] > 0.75f * best)) continue;
        const float bend = r[lag - 1] - 2 * r[lag] + r[lag + 1];
        const float shift = bend < -1e-6f ? 0.5f * (r[lag - 1] - r[lag + 1]) / bend : 0;
        *trust = r[lag] < 1 ? r[lag] : 1;
        return (float)lag + shift;
    }
    return 0;
}

/* Median of the trusted periods, by twentieths of a px. */
static float median(const float *period, const float *trust, int32_t n) {
    int32_t bins[(LAG_MAX + 2) * 20] = {0}, total = 0, seen = 0;
    for (int32_t i = 0; i < n; i++)
        if (trust[i] > 0) bins[(int32_t)(period[i] * 20)]++, total++;
    if (total == 0) return 0;
    int32_t bin = 0;
    while ((seen += bins[bin]) * 2 < total) bin++;
    return ((float)bin + 0.5f) / 20;
}

void civid__ridge_period(civid__frame_t *f) {
    const int32_t px = f->period_x, py = f->period_y, n = px * py;
    float *period = f->period_raw, *trust = f->period_trust;
    for (int32_t i = 0; i < n; i++) {
        period[i] = trust[i] = 0;
        const int32_t bx = i % px * PERIOD_STEP, by = i / px * PERIOD_STEP;
        const int32_t b = by * f->blocks_x + bx;
        if (!f->mask[b]) continue;
        const float half = civid__atan2(f->sine[b], f->cosine[b]) * 0.5f;
        float sine, cosine;
        civid__sincos(half, &sine, &cosine);
        int32_t signature[SAMPLES];
        sample(f, (float)(bx * CIVID__BLOCK_PX) + 3.5f, (float)(by * CIVID__BLOCK_PX) + 3.5f,
               cosine, sine, signature);
        period[i] = peak(signature, &trust[i]);
        if (period[i] < f->parameters.period_least || period[i] > f->parameters.period_most)
            period[i] = trust[i] = 0;
    }
    f->period_median = median(period, trust, n);
    const float middle = f->period_median > 0 ? f->period_median : f->parameters.period_default;
    for (int32_t i = 0; i < n; i++) {
        /* Half and double periods are errors of the peak, not ridges. */
        if (period[i] < 0.6f * middle || period[i] > 1.7f * middle) trust[i] = 0;
        trust[i] = trust[i] * trust[i];
        period[i] *= trust[i];
    }
    civid__smooth_blocks(f, period, px, py, PERIOD_SIGMA);
    civid__smooth_blocks(f, trust, px, py, PERIOD_SIGMA);
    for (int32_t i = 0; i < n; i++)
        period[i] = (period[i] + 0.02f * middle) / (trust[i] + 0.02f);
    for (int32_t b = 0; b < f->blocks; b++) {
        const float u = (float)(b % f->blocks_x) / PERIOD_STEP;
        const float v = (float)(b / f->blocks_x) / PERIOD_STEP;
        const int32_t x0 = (int32_t)u, y0 = (int32_t)v;
        const int32_t x1 = x0 + 1 < px ? x0 + 1 : x0, y1 = y0 + 1 < py ? y0 + 1 : y0;
        const float wx = u - (float)x0, wy = v - (float)y0;
        const float top = period[y0 * px + x0] + wx * (period[y0 * px + x1] - period[y0 * px + x0]);
        const float low = period[y1 * px + x0] + wx * (period[y1 * px + x1] - period[y1 * px + x0]);
        f->period[b] = top + wy * (low - top);
    }
}
