/* encode.c - pixels in, a WSQ stream out. */
#include <string.h>

#include "civid.h"
#include "wsq/memory.h"
#include "wsq/wavelet/split.h"
#include "wsq/write/bin_widths.h"
#include "wsq/write/tokens.h"
#include "wsq/write/write_tables.h"

#define LEAST_BITRATE 0.01
#define MOST_BITRATE 16.0

/* Blocks: their first and last sub-band, and the Huffman table of each. */
static const int32_t first_band[3] = {0, 19, 52}, last_band[3] = {18, 51, 59},
                     table_of[3] = {0, 1, 1};

typedef struct {
    float *values, *spare;
    int16_t *numbers;
    civid__wsq_token_t *tokens; /* in place of the values, which are done with by then */
    civid__wsq_rows_t rows;
} workspace_t;

static uint64_t layout(workspace_t *w, const civid__wsq_tree_t *tree, void *base) {
    civid__wsq_memory_t memory = {base, 0};
    const int32_t width = tree->nodes[0].area.width;
    const uint64_t pixels = (uint64_t)civid__wsq_pixels(&tree->nodes[0].area);
    w->values = civid__wsq_divide(&memory, pixels * sizeof(float));
    w->tokens = (civid__wsq_token_t *)(void *)w->values;
    w->spare = civid__wsq_divide(&memory,
                                 (uint64_t)civid__wsq_pixels(&tree->nodes[1].area) * sizeof(float));
    w->numbers = civid__wsq_divide(&memory, pixels * sizeof(int16_t));
    w->rows.even = civid__wsq_divide_line(&memory, width);
    w->rows.odd = civid__wsq_divide_line(&memory, width);
    w->rows.pitch = (width + 15) / 16 * 16;
    w->rows.ring = civid__wsq_divide(&memory, (uint64_t)w->rows.pitch * WSQ_RING * sizeof(float));
    return memory.used;
}

/* Grey values become numbers about 0, at most 128 away from it. */
static void centre(civid__wsq_picture_t *picture, int32_t width, int32_t height, double *shift,
                   double *scale) {
    int64_t histogram[256] = {0};
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) histogram[picture->pixels[y * picture->stride + x]]++;
    int32_t low = 255, high = 0;
    int64_t sum = 0;
    for (int32_t v = 0; v < 256; v++) {
        if (!histogram[v]) continue;
        sum += v * histogram[v];
        low = v < low ? v : low;
        high = v > high ? v : high;
    }
    *shift = (double)sum / ((double)width * height);
    *scale = (*shift - low >= high - *shift ? *shift - low : high - *shift) / 128;
    for (int32_t v = 0; v < 256; v++)
        picture->levels[v] =
            *scale > 0 ? ((float)v - (float)*shift) / (float)*scale : 0.0f; /* one grey alone */
}

static civid_status check_size(int32_t width, int32_t height) {
    if (width < CIVID_WSQ_MIN_SIDE || height < CIVID_WSQ_MIN_SIDE || width > CIVID_WSQ_MAX_SIDE ||
        height > CIVID_WSQ_MAX_SIDE || (int64_t)width * height > CIVID_WSQ_MAX_PIXELS)
        return CIVID_E_DIMENSIONS;
    return CIVID_OK;
}

civid_status civid_wsq_encode_size(int32_t width, int32_t height, uint64_t *workspace_size,
                                   uint64_t *capacity) {
    if (!workspace_size || !capacity) return CIVID_E_NULL;
    const civid_status status = check_size(width, height);
    if (status != CIVID_OK) return status;
    civid__wsq_tree_t tree;
    workspace_t w;
    civid__wsq_tree(&tree, width, height);
    *workspace_size = layout(&w, &tree, NULL);
    /* Tables, and a code and an escape of 16 bits each a pixel, whose bytes all need another. */
    *capacity = 2048 + (uint64_t)width * (uint64_t)height * 8;
    return CIVID_OK;
}

/* Tables and blocks, one after the other. */
static void write_blocks(civid__wsq_out_t *out, const workspace_t *w, const int64_t numbers[3]) {
    int64_t tokens[3], counts[2][WSQ_SYMBOLS] = {{0}}, number = 0, token = 0;
    civid__wsq_codes_t codes[2];
    for (int32_t k = 0; k < 3; k++) {
        tokens[k] = civid__wsq_tokenise(w->numbers + number, numbers[k], w->tokens + token,
                                        counts[table_of[k]]);
        number += numbers[k];
        token += tokens[k];
    }
    token = 0;
    for (int32_t k = 0; k < 3; k++) {
        const int32_t table = table_of[k];
        if (k == 0 || table != table_of[k - 1]) {
            civid__wsq_best_codes(counts[table], &codes[table]);
            civid__wsq_write_codes(out, table, &codes[table]);
        }
        civid__wsq_write_marker(out, WSQ_SOB);
        civid__wsq_give(out, 3, 2);
        civid__wsq_give(out, (uint32_t)table, 1);
        civid__wsq_emit(out, w->tokens + token, tokens[k], &codes[table]);
        token += tokens[k];
    }
}

civid_status civid_wsq_encode(const uint8_t *pixels, int32_t width, int32_t height, int64_t stride,
                              double bitrate, void *workspace, uint64_t workspace_size,
                              uint8_t *data, uint64_t capacity, uint64_t *size) {
    if (!pixels || !workspace || !data || !size) return CIVID_E_NULL;
    civid_status status = check_size(width, height);
    if (status != CIVID_OK) return status;
    if (stride < width) return CIVID_E_DIMENSIONS;
    if (!(bitrate >= LEAST_BITRATE && bitrate <= MOST_BITRATE)) return CIVID_E_VALUE;
    if (capacity > (uint64_t)PTRDIFF_MAX || (uintptr_t)workspace % WSQ_ALIGNMENT != 0)
        return CIVID_E_VALUE;
    civid__wsq_tree_t tree;
    civid__wsq_filters_t filters;
    civid__wsq_bins_t bins;
    workspace_t w;
    civid__wsq_tree(&tree, width, height);
    if (layout(&w, &tree, workspace) > workspace_size) return CIVID_E_CAPACITY;

    civid__wsq_picture_t picture = {.pixels = pixels, .stride = stride};
    double shift, scale, variances[WSQ_BANDS], widths[WSQ_BANDS];
    centre(&picture, width, height, &shift, &scale);
    civid__wsq_usual_filters(&filters);
    civid__wsq_split(&tree, &filters, &picture, w.values, w.spare, &w.rows);
    civid__wsq_variances(&tree, w.values, variances);
    civid__wsq_bin_widths(variances, bitrate, widths);

    civid__wsq_out_t out = {data, data + capacity, 0};
    civid__wsq_write_marker(&out, WSQ_SOI);
    civid__wsq_write_filters(&out);
    if (!civid__wsq_write_bins(&out, widths, &bins))
        return out.is_full ? CIVID_E_CAPACITY : CIVID_E_VALUE;
    civid__wsq_write_frame(&out, width, height, shift, scale);
    int64_t numbers[3], all = 0;
    for (int32_t k = 0; k < 3; k++) {
        numbers[k] =
            civid__wsq_number(&tree, &bins, first_band[k], last_band[k], w.values, w.numbers + all);
        if (numbers[k] < 0) return CIVID_E_VALUE;
        all += numbers[k];
    }
    write_blocks(&out, &w, numbers);
    civid__wsq_write_marker(&out, WSQ_EOI);
    if (out.is_full) return CIVID_E_CAPACITY;
    *size = (uint64_t)(out.at - data);
    return CIVID_OK;
}
