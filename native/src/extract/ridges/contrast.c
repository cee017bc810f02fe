/* contrast.c - local mean and deviation of grey, and a first generous mask.
 *
 * Statistics are sums over blocks, smoothed over 5 x 5 of them. Once the mask is known they are
 * taken again over the print alone: a bright background must not shift the mean at its edge. */
#include <string.h>

#include "extract/extract_stages.h"

/* Mean and deviation from block sums smoothed with weights 1 2 3 2 1 both ways. */
static void smooth_statistics(civid__frame_t *f, const float *count, const float *sum,
                              const float *square, const uint8_t *mask) {
    static const float w[5] = {1, 2, 3, 2, 1};
    const int32_t bx = f->blocks_x, by = f->blocks_y;
    for (int32_t y = 0; y < by; y++)
        for (int32_t x = 0; x < bx; x++) {
            float n = 0, s = 0, q = 0;
            for (int32_t v = -2; v <= 2; v++)
                for (int32_t u = -2; u <= 2; u++) {
                    if (y + v < 0 || y + v >= by || x + u < 0 || x + u >= bx) continue;
                    const int32_t i = (y + v) * bx + x + u;
                    if (mask && !mask[i]) continue;
                    const float k = w[u + 2] * w[v + 2];
                    n += k * count[i], s += k * sum[i], q += k * square[i];
                }
            if (n <= 0) continue; /* far from the print: keep what was known */
            const int32_t i = y * bx + x;
            const float mean = s / n, variance = q / n - mean * mean;
            f->mean[i] = mean;
            f->deviation[i] = variance > 0 ? sqrtf(variance) : 0;
        }
}

/* The value below which a share of the items lies, by counting quarter grey levels. */
static float quantile(const float *items, int32_t n, float share) {
    int32_t bins[1024] = {0};
    for (int32_t i = 0; i < n; i++) {
        const int32_t bin = (int32_t)(items[i] * 4);
        bins[bin < 1023 ? bin : 1023]++;
    }
    const int32_t wanted = (int32_t)(share * (float)n);
    int32_t seen = 0, bin = 0;
    while (bin < 1023 && (seen += bins[bin]) <= wanted) bin++;
    return (float)bin * 0.25f;
}

void civid__contrast(civid__frame_t *f) {
    float *count = f->scratch, *sum = count + f->blocks, *square = sum + f->blocks;
    for (int32_t b = 0; b < f->blocks; b++) {
        const int32_t x0 = b % f->blocks_x * CIVID__BLOCK_PX;
        const int32_t y0 = b / f->blocks_x * CIVID__BLOCK_PX;
        const int32_t x1 = x0 + CIVID__BLOCK_PX < f->width ? x0 + CIVID__BLOCK_PX : f->width;
        const int32_t y1 = y0 + CIVID__BLOCK_PX < f->height ? y0 + CIVID__BLOCK_PX : f->height;
        int32_t s = 0, q = 0;
        for (int32_t y = y0; y < y1; y++) {
            const uint8_t *row = f->grey + (int64_t)y * f->width;
            for (int32_t x = x0; x < x1; x++) s += row[x], q += row[x] * row[x];
        }
        count[b] = (float)((x1 - x0) * (y1 - y0)), sum[b] = (float)s, square[b] = (float)q;
    }
    smooth_statistics(f, count, sum, square, NULL);
    f->contrast = quantile(f->deviation, f->blocks, CONTRAST_RANK);
    const float share = f->contrast * CONTRAST_SHARE_LOW;
    const float low = share > f->parameters.contrast_least ? share : f->parameters.contrast_least;
    for (int32_t b = 0; b < f->blocks; b++) f->mask[b] = f->deviation[b] > low;
    /* The edge between an even background and an even print has contrast too, as seen from 2
     * blocks away: only blocks that vary themselves count in the second look. */
    uint8_t *own = f->mask_wide;
    for (int32_t b = 0; b < f->blocks; b++) {
        const float m = sum[b] / count[b], v = square[b] / count[b] - m * m;
        own[b] = (uint8_t)(f->mask[b] && v > low * low * 0.5f);
    }
    if (f->given.mask)
        for (int32_t b = 0; b < f->blocks; b++) own[b] = f->given.mask[b] != 0;
    smooth_statistics(f, count, sum, square, own);
    if (f->given.mask) {
        civid__take_mask(f);
        return;
    }
    memset(f->mask_wide, 0, (size_t)f->blocks);
    civid__dilate(f->mask, f->mask_wide, f->blocks_x, f->blocks_y, 1);
}
