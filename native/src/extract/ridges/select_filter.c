/* select_filter.c - which filter each cell of 2 x 2 px needs, and those filters.
 *
 * Only filters that are used are made, once: a print needs about a third of the bank. */
#include <string.h>

#include "compiler.h"
#include "extract/extract_stages.h"

enum { PER_BLOCK = CIVID__BLOCK_PX / CIVID__CELL_PX, BANK_WANTED = 1, BANK_MADE = 2 };

/* One map along a row of cells, interpolated between the centres of blocks: first down to a row of
 * blocks, then along it. */
static void interpolate(const civid__frame_t *f, const float *map, int32_t cy, float *blocks,
                        float *CIVID_RESTRICT cells) {
    const int32_t n = f->blocks_x;
    const float middle = (float)cy * CIVID__CELL_PX + 0.5f * CIVID__CELL_PX;
    const float v = (middle - 0.5f * CIVID__BLOCK_PX) / CIVID__BLOCK_PX + 1.0f;
    const int32_t below = (int32_t)v, above = below > 0 ? below - 1 : 0;
    const float wy = v - (float)below;
    const float *r0 = map + above * n, *r1 = map + (below < f->blocks_y ? below : above) * n;
    for (int32_t x = 0; x < n; x++) blocks[x] = r0[x] + wy * (r1[x] - r0[x]);
    /* Half a block of cells lies before the first centre, and half a one after the last. */
    for (int32_t k = 0; k <= n; k++) {
        const float from = blocks[k > 0 ? k - 1 : 0];
        const float step = (blocks[k < n ? k : n - 1] - from) / PER_BLOCK;
        const int32_t start = k * PER_BLOCK - PER_BLOCK / 2;
        for (int32_t c = 0; c < PER_BLOCK; c++)
            if (start + c >= 0 && start + c < f->cells_x)
                cells[start + c] = from + ((float)c + 0.5f) * step;
    }
}

/* Number of the best filter of each cell; no branches, so that several go at once. */
static void choose(const float *CIVID_RESTRICT cosine, const float *CIVID_RESTRICT sine,
                   const float *CIVID_RESTRICT period, const float *edges, int32_t n,
                   int32_t *CIVID_RESTRICT best) {
    for (int32_t i = 0; i < n; i++) {
        const float turn = civid__atan2(sine[i], cosine[i]) * (ORIENTATIONS / CIVID_TWO_PI);
        const int32_t o = (int32_t)(turn + (ORIENTATIONS + 0.5f)) & (ORIENTATIONS - 1);
        int32_t p = 0;
        for (int32_t k = 0; k < PERIODS - 1; k++) p += period[i] > edges[k] ? 1 : 0;
        best[i] = o * PERIODS + p;
    }
}

void civid__select_filter(civid__frame_t *f) {
    float edges[PERIODS]; /* between neighbouring periods of the bank */
    float period = PERIOD_FIRST;
    for (int32_t p = 0; p < PERIODS; p++, period *= PERIOD_RATIO)
        edges[p] = period * (0.5f + 0.5f * PERIOD_RATIO);

    float *blocks = (float *)f->columns, *cosine = blocks + f->blocks_x;
    float *sine = cosine + f->cells_x, *periods = sine + f->cells_x;
    int32_t *best = (int32_t *)(periods + f->cells_x);
    for (int32_t cy = 0; cy < f->cells_y; cy++) {
        uint16_t *row = f->context + (int64_t)cy * f->cells_x;
        const uint8_t *mask = f->mask_wide + cy * CIVID__CELL_PX / CIVID__BLOCK_PX * f->blocks_x;
        interpolate(f, f->cosine, cy, blocks, cosine);
        interpolate(f, f->sine, cy, blocks, sine);
        interpolate(f, f->period, cy, blocks, periods);
        choose(cosine, sine, periods, edges, f->cells_x, best);
        for (int32_t cx = 0; cx < f->cells_x; cx++) {
            const int32_t used = mask[cx / PER_BLOCK];
            row[cx] = used ? (uint16_t)best[cx] : NO_CONTEXT;
            f->bank_used[best[cx]] |= (uint8_t)(used * BANK_WANTED);
        }
    }
    for (int32_t k = 0; k < ORIENTATIONS * PERIODS; k++) {
        if (f->bank_used[k] != BANK_WANTED) continue;
        f->bank_used[k] |= BANK_MADE;
        period = PERIOD_FIRST;
        for (int32_t p = 0; p < k % PERIODS; p++) period *= PERIOD_RATIO;
        int16_t *taps = f->bank + (int64_t)k * KERNEL_ROWS * KERNEL_STRIDE;
        memset(taps, 0, KERNEL_ROWS * KERNEL_STRIDE * sizeof *taps);
        civid__make_kernel(&f->parameters, (float)(k / PERIODS) * (CIVID_PI / ORIENTATIONS), period,
                           taps);
    }
}
