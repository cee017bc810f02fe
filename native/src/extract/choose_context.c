/* choose_context.c - which filter each cell of 2 x 2 px needs, and those filters.
 *
 * Only filters that are used are made: a print needs about a third of the bank. */
#include <string.h>

#include "stages.h"

/* Taps of one even, zero-mean Gabor filter (Daugman 1985; Hong et al. 1998). */
static void make_kernel(float angle, float period, float along_share, int16_t *taps) {
    const int32_t r = KERNEL_RADIUS;
    float s, c, g[KERNEL_ROWS][KERNEL_ROWS], wave[KERNEL_ROWS][KERNEL_ROWS];
    civid__sincos(angle, &s, &c);
    const float across = SIGMA_ACROSS * period;
    float along = along_share * period;
    if (along < SIGMA_ALONG_MIN) along = SIGMA_ALONG_MIN;
    const float omega = CIVID_TWO_PI / period;
    float area = 0, offset = 0, gain = 0;
    for (int32_t y = -r; y <= r; y++)
        for (int32_t x = -r; x <= r; x++) {
            const float u = ((float)x * s + (float)y * c) / across;
            const float v = ((float)x * c - (float)y * s) / along;
            float sine, cosine;
            civid__sincos(omega * ((float)x * s + (float)y * c), &sine, &cosine);
            const float e = civid__expf(-0.5f * (u * u + v * v));
            g[y + r][x + r] = e, wave[y + r][x + r] = cosine;
            area += e, offset += e * cosine;
        }
    offset /= area;
    for (int32_t y = 0; y < KERNEL_ROWS; y++)
        for (int32_t x = 0; x < KERNEL_ROWS; x++)
            gain += g[y][x] * (wave[y][x] - offset) * wave[y][x];
    const float unity = (float)(1 << KERNEL_UNITY) / gain;
    for (int32_t y = 0; y < KERNEL_ROWS; y++)
        for (int32_t x = 0; x < KERNEL_ROWS; x++) {
            const float t = g[y][x] * (wave[y][x] - offset) * unity;
            taps[y * KERNEL_STRIDE + x] = (int16_t)(t + (t < 0 ? -0.5f : 0.5f));
        }
}

void civid__choose_context(civid__frame *f, float along) {
    float edges[PERIODS]; /* between neighbouring periods of the bank */
    float period = PERIOD_FIRST;
    for (int32_t p = 0; p < PERIODS; p++, period *= PERIOD_RATIO)
        edges[p] = period * (0.5f + 0.5f * PERIOD_RATIO);
    memset(f->bank_used, 0, ORIENTATIONS * PERIODS);

    for (int32_t cy = 0; cy < f->cells_y; cy++) {
        uint16_t *row = f->context + (int64_t)cy * f->cells_x;
        /* Centre of the cell in blocks from the centre of block (0, 0). */
        const float v = ((float)cy * CELL + 0.5f - 3.5f) / BLOCK + 1.0f;
        const int32_t v1 = (int32_t)v, v0 = v1 > 0 ? v1 - 1 : 0;
        const int32_t y1 = v1 < f->blocks_y ? v1 : f->blocks_y - 1;
        const float wy = v - (float)v1;
        for (int32_t cx = 0; cx < f->cells_x; cx++) {
            if (!f->mask_wide[cy * CELL / BLOCK * f->blocks_x + cx * CELL / BLOCK]) {
                row[cx] = NO_CONTEXT;
                continue;
            }
            const float u = ((float)cx * CELL + 0.5f - 3.5f) / BLOCK + 1.0f;
            const int32_t u1 = (int32_t)u, u0 = u1 > 0 ? u1 - 1 : 0;
            const int32_t x1 = u1 < f->blocks_x ? u1 : f->blocks_x - 1;
            const float wx = u - (float)u1;
            const int32_t a = v0 * f->blocks_x + u0, b = v0 * f->blocks_x + x1;
            const int32_t c = y1 * f->blocks_x + u0, d = y1 * f->blocks_x + x1;
            const float wa = (1 - wx) * (1 - wy), wb = wx * (1 - wy), wc = (1 - wx) * wy,
                        wd = wx * wy;
            const float cosine = wa * f->cosine[a] + wb * f->cosine[b] + wc * f->cosine[c] +
                                 wd * f->cosine[d];
            const float sine = wa * f->sine[a] + wb * f->sine[b] + wc * f->sine[c] + wd * f->sine[d];
            const float t = wa * f->period[a] + wb * f->period[b] + wc * f->period[c] +
                            wd * f->period[d];
            const float turn = civid__atan2(sine, cosine) * (ORIENTATIONS / CIVID_TWO_PI);
            const int32_t o = (int32_t)(turn + (ORIENTATIONS + 0.5f)) & (ORIENTATIONS - 1);
            int32_t p = 0;
            while (p < PERIODS - 1 && t > edges[p]) p++;
            row[cx] = (uint16_t)(o * PERIODS + p);
            f->bank_used[row[cx]] = 1;
        }
    }
    for (int32_t k = 0; k < ORIENTATIONS * PERIODS; k++) {
        if (!f->bank_used[k]) continue;
        period = PERIOD_FIRST;
        for (int32_t p = 0; p < k % PERIODS; p++) period *= PERIOD_RATIO;
        int16_t *taps = f->bank + (int64_t)k * KERNEL_ROWS * KERNEL_STRIDE;
        memset(taps, 0, KERNEL_ROWS * KERNEL_STRIDE * sizeof *taps);
        make_kernel((float)(k / PERIODS) * (CIVID_PI / ORIENTATIONS), period, along, taps);
    }
}
