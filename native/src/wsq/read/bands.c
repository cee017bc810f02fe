/* bands.c - numbers of bins become the values in the middle of these bins. */
#include "wsq/read/bands.h"

#include <string.h>

#include "compiler.h"

int64_t civid__wsq_coded(const civid__wsq_tree_t *tree, const civid__wsq_bins_t *bins) {
    int64_t coded = 0;
    for (int32_t b = 0; b < WSQ_BANDS; b++)
        if (bins->width[b] != 0) coded += civid__wsq_pixels(&tree->bands[b]);
    return coded;
}

/* By the magnitude and a sign of -1, 0 or 1: no branches, so such a loop can be vectorised. */
static void fill_row(const int16_t *CIVID_RESTRICT numbers, int32_t count, float width, float zero,
                     float centre, float *CIVID_RESTRICT out) {
    const float edge = zero / 2.0f;
    for (int32_t i = 0; i < count; i++) {
        const float n = (float)numbers[i];
        const float sign = (float)((numbers[i] > 0) - (numbers[i] < 0));
        out[i] = (width * (n * sign - centre) + edge) * sign;
    }
}

void civid__wsq_fill_bands(const civid__wsq_tree_t *tree, const civid__wsq_bins_t *bins,
                           const int16_t *numbers, float *values) {
    const int32_t stride = tree->nodes[0].area.width;
    for (int32_t b = 0; b < WSQ_BANDS; b++) {
        const civid__wsq_area_t *a = &tree->bands[b];
        for (int32_t y = 0; y < a->height; y++) {
            float *row = values + (int64_t)(a->y + y) * stride + a->x;
            if (bins->width[b] == 0) {
                memset(row, 0, (size_t)a->width * sizeof *row);
                continue;
            }
            fill_row(numbers, a->width, bins->width[b], bins->zero[b], bins->centre, row);
            numbers += a->width;
        }
    }
}
