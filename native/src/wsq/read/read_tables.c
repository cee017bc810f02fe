/* read_tables.c - what the segments before the coded data say. */
#include <string.h>

#include "wsq/read/segments.h"

int32_t civid__wsq_read_frame(civid__wsq_cursor_t *body, civid__wsq_frame_t *frame) {
    (void)civid__wsq_take(body, 2); /* the grey values of black and white */
    frame->height = (int32_t)civid__wsq_take(body, 2);
    frame->width = (int32_t)civid__wsq_take(body, 2);
    frame->shift = civid__wsq_take_scaled(body, 2);
    frame->scale = civid__wsq_take_scaled(body, 2);
    (void)civid__wsq_take(body, 3); /* the numbers of the encoder and of its software */
    return !body->is_short && frame->width > 0 && frame->height > 0;
}

/* Values that are not tiny: products of ten filters and a width stay normal numbers. With others (a
 * damaged exponent, or malice), processors compute a hundred times slower. */
static int32_t is_usual(float value) { return value == 0 || (value >= 1e-3f && value <= 1e6f); }

/* The right half of a symmetric filter, as it is written; 0: a tap is out of range. */
static int32_t read_half(civid__wsq_cursor_t *body, int32_t taps, float *filter) {
    int32_t is_good = 1;
    const int32_t middle = taps / 2;
    for (int32_t i = 0; i <= middle; i++) {
        const uint32_t is_negative = civid__wsq_take(body, 1);
        const float tap = civid__wsq_take_scaled(body, 4);
        filter[middle + i] = filter[middle - i] = is_negative ? -tap : tap;
        is_good &= is_usual(tap);
    }
    return is_good;
}

/* Written are the analysis filters. Those for synthesis are the other one of the pair with the sign
 * of every second tap changed. */
int32_t civid__wsq_read_filters(civid__wsq_cursor_t *body, civid__wsq_filters_t *filters) {
    filters->high_taps = (int32_t)civid__wsq_take(body, 1);
    filters->low_taps = (int32_t)civid__wsq_take(body, 1);
    const int32_t both = filters->high_taps + filters->low_taps;
    /* Odd lengths whose sum is a multiple of four: no others can reconstruct an image. */
    if (!(filters->low_taps & 1) || both % 4 != 0) return 0;
    if (filters->low_taps > WSQ_MOST_TAPS || filters->high_taps > WSQ_MOST_TAPS) return 0;
    if (!read_half(body, filters->high_taps, filters->high)) return 0;
    if (!read_half(body, filters->low_taps, filters->low)) return 0;
    for (int32_t i = 0; i < filters->high_taps; i++)
        if ((i - filters->high_taps / 2) & 1) filters->high[i] = -filters->high[i];
    for (int32_t i = 0; i < filters->low_taps; i++)
        if ((i - filters->low_taps / 2) & 1) filters->low[i] = -filters->low[i];
    return !body->is_short;
}

int32_t civid__wsq_read_bins(civid__wsq_cursor_t *body, civid__wsq_bins_t *bins) {
    bins->centre = civid__wsq_take_scaled(body, 2);
    for (int32_t band = 0; band < WSQ_BANDS; band++) {
        bins->width[band] = civid__wsq_take_scaled(body, 2);
        bins->zero[band] = civid__wsq_take_scaled(body, 2);
        if (!is_usual(bins->width[band]) || !is_usual(bins->zero[band])) return 0;
    }
    return !body->is_short && body->end - body->at == 4 * 6; /* four bands that are never coded */
}

int32_t civid__wsq_read_codes(civid__wsq_cursor_t *body, civid__wsq_codes_t *tables) {
    do {
        const uint32_t which = civid__wsq_take(body, 1);
        if (body->is_short || which >= WSQ_HUFFMAN_TABLES) return 0;
        civid__wsq_codes_t *codes = &tables[which];
        uint32_t symbols = 0, taken = 0;
        for (int32_t i = 0; i < WSQ_LONGEST_CODE; i++) {
            codes->counts[i] = (uint8_t)civid__wsq_take(body, 1);
            symbols += codes->counts[i];
            taken += (uint32_t)codes->counts[i] << (WSQ_LONGEST_CODE - 1 - i);
        }
        if (symbols > WSQ_SYMBOLS || taken > 1u << WSQ_LONGEST_CODE) return 0;
        for (uint32_t i = 0; i < symbols; i++)
            codes->symbols[i] = (uint8_t)civid__wsq_take(body, 1);
        codes->is_defined = 1;
    } while (body->at < body->end);
    return !body->is_short;
}
