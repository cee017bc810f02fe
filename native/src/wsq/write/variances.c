/* variances.c - variances of the sub-bands, which tell how many bits each of them is worth. */
#include "wsq/write/bin_widths.h"

/* Where the coarsest four sub-bands together vary less, there is little print in the middle of the
 * image, and all of it is looked at. */
#define LITTLE 20000.0
enum { LEAST_VALUES = 16 };

/* Four sums at a time, in a fixed order: quick, and the same bits everywhere. */
static double variance(const float *values, int64_t stride, int32_t width, int32_t height) {
    double sums[4] = {0}, squares[4] = {0};
    const double count = (double)width * height;
    if (count < 2) return 0;
    for (int32_t y = 0; y < height; y++) {
        const float *row = values + y * stride;
        for (int32_t x = 0; x < width; x++) {
            const double v = row[x];
            sums[x & 3] += v;
            squares[x & 3] += v * v;
        }
    }
    const double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    const double square = (squares[0] + squares[1]) + (squares[2] + squares[3]);
    return (square - sum * sum / count) / (count - 1);
}

static double variance_of_all(const civid__wsq_area_t *a, const float *values, int32_t stride) {
    return variance(values + (int64_t)a->y * stride + a->x, stride, a->width, a->height);
}

/* The middle of a sub-band, somewhat above its centre: 3/4 of its width, 7/16 of its height. In images
 * of less than 256 px a side, that may be a value or two, or none; all of it tells more then. */
static double variance_of_middle(const civid__wsq_area_t *a, const float *values, int32_t stride) {
    const int32_t left = a->width / 8, top = 9 * a->height / 32;
    const int32_t width = 3 * a->width / 4, height = 7 * a->height / 16;
    if (width * height < LEAST_VALUES) return variance_of_all(a, values, stride);
    return variance(values + (int64_t)(a->y + top) * stride + a->x + left, stride, width, height);
}

void civid__wsq_variances(const civid__wsq_tree_t *tree, const float *values,
                          double variances[WSQ_BANDS]) {
    const int32_t stride = tree->nodes[0].area.width;
    double coarsest = 0;
    for (int32_t b = 0; b < 4; b++) coarsest += variance_of_middle(&tree->bands[b], values, stride);
    for (int32_t b = 0; b < WSQ_BANDS; b++)
        variances[b] = (coarsest < LITTLE ? variance_of_all : variance_of_middle)(&tree->bands[b],
                                                                                  values, stride);
}
