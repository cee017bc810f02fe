/* choose_context.c - which filter each cell of 2 x 2 px needs, and those filters.
 *
 * Only filters that are used are made: a print needs about a third of the bank. */
#include <string.h>

#include "stages.h"

/* Doubled angle and period of a row of cells, interpolated between the centres of blocks. */
static void interpolate(const civid__frame *f, int32_t cy, float *cosine, float *sine,
                        float *period) {
    const float v = ((float)cy * CELL + 0.5f - 3.5f) / BLOCK + 1.0f;
    const int32_t below = (int32_t)v, above = below > 0 ? below - 1 : 0;
    const float wy = v - (float)below;
    const int32_t r0 = above * f->blocks_x;
    const int32_t r1 = (below < f->blocks_y ? below : f->blocks_y - 1) * f->blocks_x;
    for (int32_t cx = 0; cx < f->cells_x; cx++) {
        const float u = ((float)cx * CELL + 0.5f - 3.5f) / BLOCK + 1.0f;
        const int32_t right = (int32_t)u, x0 = right > 0 ? right - 1 : 0;
        const int32_t x1 = right < f->blocks_x ? right : f->blocks_x - 1;
        const float wx = u - (float)right;
        const float wa = (1 - wx) * (1 - wy), wb = wx * (1 - wy), wc = (1 - wx) * wy, wd = wx * wy;
        const int32_t a = r0 + x0, b = r0 + x1, c = r1 + x0, d = r1 + x1;
        cosine[cx] = wa * f->cosine[a] + wb * f->cosine[b] + wc * f->cosine[c] + wd * f->cosine[d];
        sine[cx] = wa * f->sine[a] + wb * f->sine[b] + wc * f->sine[c] + wd * f->sine[d];
        period[cx] = wa * f->period[a] + wb * f->period[b] + wc * f->period[c] + wd * f->period[d];
    }
}

void civid__choose_context(civid__frame *f, float along) {
    float edges[PERIODS]; /* between neighbouring periods of the bank */
    float period = PERIOD_FIRST;
    for (int32_t p = 0; p < PERIODS; p++, period *= PERIOD_RATIO)
        edges[p] = period * (0.5f + 0.5f * PERIOD_RATIO);
    memset(f->bank_used, 0, ORIENTATIONS * PERIODS);

    float *cosine = (float *)f->columns, *sine = cosine + f->cells_x;
    float *periods = sine + f->cells_x;
    for (int32_t cy = 0; cy < f->cells_y; cy++) {
        uint16_t *row = f->context + (int64_t)cy * f->cells_x;
        const uint8_t *mask = f->mask_wide + cy * CELL / BLOCK * f->blocks_x;
        interpolate(f, cy, cosine, sine, periods);
        for (int32_t cx = 0; cx < f->cells_x; cx++) {
            if (!mask[cx * CELL / BLOCK]) {
                row[cx] = NO_CONTEXT;
                continue;
            }
            const float turn =
                civid__atan2(sine[cx], cosine[cx]) * (ORIENTATIONS / CIVID_TWO_PI);
            const int32_t o = (int32_t)(turn + (ORIENTATIONS + 0.5f)) & (ORIENTATIONS - 1);
            int32_t p = 0;
            for (int32_t k = 0; k < PERIODS - 1; k++) p += periods[cx] > edges[k];
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
        civid__make_kernel((float)(k / PERIODS) * (CIVID_PI / ORIENTATIONS), period, along, taps);
    }
}
