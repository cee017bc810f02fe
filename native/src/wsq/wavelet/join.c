/* join.c - wavelet synthesis: sub-bands become pixels. */
#include "wsq/wavelet/join.h"

#include <string.h>

#include "compiler.h"
#include "wsq/wavelet/weigh.h"

typedef struct {
    const civid__wsq_node_t *node;
    const float *values; /* the whole image's */
    int32_t stride;
    civid__wsq_sum_t sums[2];
    const civid__wsq_lines_t *lines;
    int32_t is_root;
} join_t;

/* One row, joined from above and below: `width` samples from column x on. */
static void join_rows(const join_t *j, int32_t y, int32_t x, int32_t width, int32_t lows_only,
                      float *out) {
    const civid__wsq_area_t *a = &j->node->area;
    const civid__wsq_sum_t *sum = &j->sums[y & 1];
    const int32_t lows = (a->height + 1) / 2, highs = a->height / 2;
    const int32_t low_top = j->node->high_top ? highs : 0, high_top = j->node->high_top ? 0 : lows;
    const int32_t count = lows_only || !highs ? sum->evens : sum->count;
    const float *rows[2 * WSQ_MOST_TAPS];
    for (int32_t t = 0; t < count; t++) {
        const int32_t place = 2 * (y / 2 + sum->offset[t]) + sum->from[t];
        const int32_t row = civid__wsq_mirror(place, a->height) / 2;
        const int32_t top = sum->from[t] ? high_top : low_top;
        rows[t] = j->values + (int64_t)(a->y + top + row) * j->stride + a->x + x;
    }
    civid__wsq_weigh(rows, sum->tap, count, width, out);
}

/* Even and odd samples of a row from its low-pass and its high-pass half. */
static void join_halves(const join_t *j, int32_t width) {
    const civid__wsq_lines_t *lines = j->lines;
    const int32_t reach = civid__wsq_reach(j->sums);
    civid__wsq_pad(lines->low, 0, width, reach);
    civid__wsq_pad(lines->high, 1, width, reach);
    for (int32_t odd = 0; odd < 2; odd++) {
        const civid__wsq_sum_t *sum = &j->sums[odd];
        const int32_t count = width > 1 ? sum->count : sum->evens;
        const float *rows[2 * WSQ_MOST_TAPS];
        for (int32_t t = 0; t < count; t++)
            rows[t] = (sum->from[t] ? lines->high : lines->low) + sum->offset[t];
        civid__wsq_weigh(rows, sum->tap, count, (width + !odd) / 2, odd ? lines->odd : lines->even);
    }
}

static void join_row(const join_t *j, int32_t y) {
    const int32_t width = j->node->area.width, lows = (width + 1) / 2, highs = width / 2;
    const int32_t low_left = j->node->high_left ? highs : 0;
    const int32_t high_left = j->node->high_left ? 0 : lows;
    join_rows(j, y, low_left, lows, 0, j->lines->low);
    join_rows(j, y, high_left, highs, j->is_root, j->lines->high);
    join_halves(j, width);
}

static uint8_t grey(float value, float shift, float scale) {
    float t = value * scale + shift;
    t += 0.5f;
    t = t > 0 ? t : 0; /* not a number is 0, too */
    t = t < 255 ? t : 255;
    return (uint8_t)(int32_t)t;
}

static void store_pixels(const join_t *j, float shift, float scale, uint8_t *CIVID_RESTRICT out) {
    const int32_t width = j->node->area.width;
    const float *CIVID_RESTRICT even = j->lines->even, *CIVID_RESTRICT odd = j->lines->odd;
    for (int32_t m = 0; m < width / 2; m++) {
        out[2 * m] = grey(even[m], shift, scale);
        out[2 * m + 1] = grey(odd[m], shift, scale);
    }
    if (width & 1) out[width - 1] = grey(even[width / 2], shift, scale);
}

static void store_values(const join_t *j, float *CIVID_RESTRICT out) {
    const int32_t width = j->node->area.width;
    const float *CIVID_RESTRICT even = j->lines->even, *CIVID_RESTRICT odd = j->lines->odd;
    for (int32_t m = 0; m < width / 2; m++) {
        out[2 * m] = even[m];
        out[2 * m + 1] = odd[m];
    }
    if (width & 1) out[width - 1] = even[width / 2];
}

void civid__wsq_join(const civid__wsq_tree_t *tree, const civid__wsq_filters_t *filters,
                     float *values, float *spare, const civid__wsq_lines_t *lines, float shift,
                     float scale, uint8_t *pixels) {
    const int32_t stride = tree->nodes[0].area.width;
    join_t j = {.values = values, .stride = stride, .lines = lines};
    civid__wsq_join_sums(filters, j.sums);
    for (int32_t n = WSQ_NODES - 1; n > 0; n--) {
        const civid__wsq_area_t *a = &tree->nodes[n].area;
        j.node = &tree->nodes[n];
        for (int32_t y = 0; y < a->height; y++) {
            join_row(&j, y);
            store_values(&j, spare + (int64_t)y * a->width);
        }
        for (int32_t y = 0; y < a->height; y++)
            memcpy(values + (int64_t)(a->y + y) * stride + a->x, spare + (int64_t)y * a->width,
                   (size_t)a->width * sizeof *values);
    }
    j.node = &tree->nodes[0];
    j.is_root = 1;
    for (int32_t y = 0; y < tree->nodes[0].area.height; y++) {
        join_row(&j, y);
        store_pixels(&j, shift, scale, pixels + (int64_t)y * stride);
    }
}
