/* split.c - wavelet analysis: pixels become sub-bands. */
#include "wsq/wavelet/split.h"

#include <string.h>

#include "compiler.h"
#include "wsq/wavelet/weigh.h"

typedef struct {
    const civid__wsq_node_t *node;
    const civid__wsq_picture_t *picture; /* of the root */
    const float *values;                 /* of all others */
    int32_t stride;
    civid__wsq_sum_t sums[2];
    const civid__wsq_rows_t *rows;
    int32_t ready; /* rows that are split across */
} split_t;

static void load_pixels(const uint8_t *row, const float *levels, int32_t width, float *even,
                        float *odd) {
    for (int32_t m = 0; m < width / 2; m++) {
        even[m] = levels[row[2 * m]];
        odd[m] = levels[row[2 * m + 1]];
    }
    if (width & 1) even[width / 2] = levels[row[width - 1]];
}

static void load_values(const float *CIVID_RESTRICT row, int32_t width, float *CIVID_RESTRICT even,
                        float *CIVID_RESTRICT odd) {
    for (int32_t m = 0; m < width / 2; m++) {
        even[m] = row[2 * m];
        odd[m] = row[2 * m + 1];
    }
    if (width & 1) even[width / 2] = row[width - 1];
}

/* The next row, low-pass and high-pass half side by side, into the ring. */
static void split_row(split_t *s) {
    const civid__wsq_area_t *a = &s->node->area;
    const civid__wsq_rows_t *rows = s->rows;
    const int32_t y = s->ready++, lows = (a->width + 1) / 2, highs = a->width / 2;
    if (s->picture)
        load_pixels(s->picture->pixels + y * s->picture->stride, s->picture->levels, a->width,
                    rows->even, rows->odd);
    else
        load_values(s->values + (int64_t)(a->y + y) * s->stride + a->x, a->width, rows->even,
                    rows->odd);
    const int32_t reach = civid__wsq_reach(s->sums);
    civid__wsq_pad(rows->even, 0, a->width, reach);
    if (a->width > 1)
        civid__wsq_pad(rows->odd, 1, a->width, reach);
    else
        for (int32_t i = -WSQ_PAD; i < WSQ_PAD; i++) rows->odd[i] = rows->even[0];
    float *out = rows->ring + (int64_t)(y % WSQ_RING) * rows->pitch;
    for (int32_t high = 0; high < 2; high++) {
        const civid__wsq_sum_t *sum = &s->sums[high];
        const float *terms[2 * WSQ_MOST_TAPS];
        for (int32_t t = 0; t < sum->count; t++)
            terms[t] = (sum->from[t] ? rows->odd : rows->even) + sum->offset[t];
        const int32_t left = high == s->node->high_left ? 0 : high ? lows : highs;
        civid__wsq_weigh(terms, sum->tap, sum->count, high ? highs : lows, out + left);
    }
}

/* Row m of the low-pass or the high-pass half below each other: `width` samples from column x on. */
static void split_rows(const split_t *s, int32_t m, int32_t high, int32_t x, int32_t width,
                       float *out) {
    const civid__wsq_sum_t *sum = &s->sums[high];
    const float *terms[2 * WSQ_MOST_TAPS];
    for (int32_t t = 0; t < sum->count; t++) {
        const int32_t place = 2 * (m + sum->offset[t]) + sum->from[t];
        const int32_t row = civid__wsq_mirror(place, s->node->area.height);
        terms[t] = s->rows->ring + (int64_t)(row % WSQ_RING) * s->rows->pitch + x;
    }
    civid__wsq_weigh(terms, sum->tap, sum->count, width, out + x);
}

/* One node, to `out`, whose rows are out_stride apart. */
static void split_node(split_t *s, float *out, int64_t out_stride) {
    const civid__wsq_area_t *a = &s->node->area;
    const int32_t lows = (a->height + 1) / 2, highs = a->height / 2;
    const int32_t low_top = s->node->high_top ? highs : 0, high_top = s->node->high_top ? 0 : lows;
    /* Of the root, the quarter that is high-pass both ways is never coded. */
    const int32_t high_width = s->picture ? (a->width + 1) / 2 : a->width;
    s->ready = 0;
    for (int32_t m = 0; m < lows; m++) {
        while (s->ready < a->height && s->ready <= 2 * m + WSQ_RING / 2) split_row(s);
        split_rows(s, m, 0, 0, a->width, out + (low_top + m) * out_stride);
        if (m < highs) split_rows(s, m, 1, 0, high_width, out + (high_top + m) * out_stride);
    }
}

void civid__wsq_split(const civid__wsq_tree_t *tree, const civid__wsq_filters_t *filters,
                      const civid__wsq_picture_t *picture, float *values, float *spare,
                      const civid__wsq_rows_t *rows) {
    const int32_t stride = tree->nodes[0].area.width;
    split_t s = {.node = &tree->nodes[0],
                 .picture = picture,
                 .values = values,
                 .stride = stride,
                 .rows = rows};
    civid__wsq_split_sums(filters, s.sums);
    split_node(&s, values, stride);
    s.picture = NULL;
    for (int32_t n = 1; n < WSQ_NODES; n++) {
        const civid__wsq_area_t *a = &tree->nodes[n].area;
        s.node = &tree->nodes[n];
        split_node(&s, spare, a->width);
        for (int32_t y = 0; y < a->height; y++)
            memcpy(values + (int64_t)(a->y + y) * stride + a->x, spare + (int64_t)y * a->width,
                   (size_t)a->width * sizeof *values);
    }
}
