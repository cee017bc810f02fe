/* normalize.c - the same mean (0) and contrast everywhere, ridges positive: block statistics,
 * interpolated to each pixel (Hong, Wan, Jain 1998, made local). */
#include "extract/extract_stages.h"

/* Neighbouring blocks of a pixel and the weight of the second, in sixteenths. */
static void between(int32_t at, int32_t blocks, int32_t *first, int32_t *second, float *weight) {
    const int32_t t = 2 * at - (CIVID__BLOCK_PX - 1); /* half pixels from the centre of block 0 */
    int32_t b = t < 0 ? -1 : t / (2 * CIVID__BLOCK_PX);
    *weight = (float)(t - b * 2 * CIVID__BLOCK_PX) / (2.0f * CIVID__BLOCK_PX);
    *first = b < 0 ? 0 : b;
    *second = b + 1 < blocks ? b + 1 : blocks - 1;
}

void civid__normalize(civid__frame_t *f) {
    const int32_t bx = f->blocks_x, padded = bx * CIVID__BLOCK_PX;
    float *gain = f->scratch;
    const float level = NORM_FLOOR + NORM_FLOOR_SHARE * f->contrast;
    for (int32_t b = 0; b < f->blocks; b++)
        gain[b] = f->mask_wide[b] ? NORM_GAIN / (f->deviation[b] + level) : 0.0f;

    const civid__plane_t out = f->normal;
    civid__clear(f, out);
    float *mean_row = (float *)f->columns, *gain_row = mean_row + bx;
    float *means = gain_row + bx, *gains = means + padded, *weights = gains + padded;
    for (int32_t x = 0, a, b; x < padded; x++) between(x, bx, &a, &b, &weights[x]);
    for (int32_t y = 0; y < f->height; y++) {
        int32_t a, b;
        float w;
        between(y, f->blocks_y, &a, &b, &w);
        for (int32_t x = 0; x < bx; x++) {
            const int32_t i = a * bx + x, j = b * bx + x;
            mean_row[x] = f->mean[i] + w * (f->mean[j] - f->mean[i]);
            gain_row[x] = gain[i] + w * (gain[j] - gain[i]);
        }
        for (int32_t k = 0; k <= bx; k++) { /* from the centre of block k - 1 to that of k */
            a = k > 0 ? k - 1 : 0, b = k < bx ? k : bx - 1;
            const float m = mean_row[a], dm = mean_row[b] - m, g = gain_row[a], dg = gain_row[b] - g;
            const int32_t start = k * CIVID__BLOCK_PX - CIVID__BLOCK_PX / 2;
            const int32_t end = start + CIVID__BLOCK_PX;
            for (int32_t x = start < 0 ? 0 : start; x < end && x < padded; x++)
                means[x] = m + weights[x] * dm, gains[x] = g + weights[x] * dg;
        }
        const uint8_t *in = f->grey + (int64_t)y * f->width;
        int16_t *to = out.origin + (int64_t)y * out.stride;
        for (int32_t x = 0; x < f->width; x++) {
            float v = (means[x] - (float)in[x]) * gains[x];
            v = v > 127.0f ? 127.0f : v < -127.0f ? -127.0f : v;
            to[x] = (int16_t)(v + (v < 0 ? -0.5f : 0.5f));
        }
    }
}
