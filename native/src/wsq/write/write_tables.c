/* write_tables.c - the segments before the coded data (IAFIS-IC-0110, B.2). */
#include "wsq/write/write_tables.h"

#include <math.h>

#include "wsq/read/cursor.h"

#define ZERO_BIN 1.2 /* width of the bin around zero, in others */
enum { CENTRE = 44, ENCODER = 2 };

/* The right halves of the symmetric 9/7 biorthogonal filters of Cohen, Daubechies and Feauveau. */
static const double low_half[] = {0.85269867900940344, 0.37740285561265380, -0.11062440441842342,
                                  -0.02384946501938000, 0.03782845550699546};
static const double high_half[] = {0.78848561640566439, -0.41809227322221221, -0.04068941760955844,
                                   0.06453888262893845};
enum {
    LOW_HALF = sizeof low_half / sizeof *low_half,
    HIGH_HALF = sizeof high_half / sizeof *high_half
};

void civid__wsq_usual_filters(civid__wsq_filters_t *f) {
    f->low_taps = 2 * LOW_HALF - 1;
    f->high_taps = 2 * HIGH_HALF - 1;
    for (int32_t i = 0; i < LOW_HALF; i++)
        f->low[LOW_HALF - 1 - i] = f->low[LOW_HALF - 1 + i] = (float)low_half[i];
    for (int32_t i = 0; i < HIGH_HALF; i++)
        f->high[HIGH_HALF - 1 - i] = f->high[HIGH_HALF - 1 + i] = (float)high_half[i];
}

/* A number >= 0 as an exponent of ten to divide by, then so many bytes; 0 where it does not fit. */
static int32_t give_scaled(civid__wsq_out_t *out, double value, int32_t bytes) {
    const double limit = bytes == 2 ? 65535.0 : 4294967295.0;
    int32_t exponent = 0;
    if (!(value >= 0 && value < limit)) return 0;
    if (value > 0)
        while (value * 10 < limit && exponent < 255) {
            value *= 10;
            exponent++;
        }
    civid__wsq_give(out, (uint32_t)exponent, 1);
    civid__wsq_give(out, (uint32_t)floor(value + 0.5), bytes);
    return 1;
}

void civid__wsq_write_marker(civid__wsq_out_t *out, int32_t marker) {
    civid__wsq_give(out, 0xff00u | (uint32_t)marker, 2);
}

static void start(civid__wsq_out_t *out, int32_t marker, int32_t length) {
    civid__wsq_write_marker(out, marker);
    civid__wsq_give(out, (uint32_t)length + 2, 2);
}

static void give_half(civid__wsq_out_t *out, const double *half, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        civid__wsq_give(out, half[i] < 0, 1);
        (void)give_scaled(out, fabs(half[i]), 4);
    }
}

void civid__wsq_write_filters(civid__wsq_out_t *out) {
    start(out, WSQ_DTT, 2 + 6 * (LOW_HALF + HIGH_HALF));
    civid__wsq_give(out, 2 * LOW_HALF - 1, 1);
    civid__wsq_give(out, 2 * HIGH_HALF - 1, 1);
    give_half(out, low_half, LOW_HALF);
    give_half(out, high_half, HIGH_HALF);
}

/* Write a width and read it back. */
static int32_t give_width(civid__wsq_out_t *out, double width, float *read) {
    const uint8_t *start = out->at;
    if (!give_scaled(out, width, 2) || out->is_full) return 0;
    civid__wsq_cursor_t cursor = {start, out->at, 0};
    *read = civid__wsq_take_scaled(&cursor, 2);
    return width == 0 || *read > 0;
}

int32_t civid__wsq_write_bins(civid__wsq_out_t *out, const double widths[WSQ_BANDS],
                              civid__wsq_bins_t *bins) {
    start(out, WSQ_DQT, 3 + 64 * 6);
    civid__wsq_give(out, 2, 1);
    civid__wsq_give(out, CENTRE, 2);
    bins->centre = CENTRE / 100.0f;
    for (int32_t b = 0; b < WSQ_BANDS; b++)
        if (!give_width(out, widths[b], &bins->width[b]) ||
            !give_width(out, ZERO_BIN * widths[b], &bins->zero[b]))
            return 0;
    for (int32_t b = WSQ_BANDS; b < 64; b++)
        for (int32_t i = 0; i < 6; i++) civid__wsq_give(out, 0, 1);
    return 1;
}

void civid__wsq_write_frame(civid__wsq_out_t *out, int32_t width, int32_t height, double shift,
                            double scale) {
    start(out, WSQ_SOF, 15);
    civid__wsq_give(out, 0, 1); /* black */
    civid__wsq_give(out, 255, 1);
    civid__wsq_give(out, (uint32_t)height, 2);
    civid__wsq_give(out, (uint32_t)width, 2);
    (void)give_scaled(out, shift, 2);
    (void)give_scaled(out, scale, 2);
    civid__wsq_give(out, ENCODER, 1);
    civid__wsq_give(out, 0, 2); /* software that is not certified */
}

void civid__wsq_write_codes(civid__wsq_out_t *out, int32_t table, const civid__wsq_codes_t *codes) {
    int32_t symbols = 0;
    for (int32_t i = 0; i < WSQ_LONGEST_CODE; i++) symbols += codes->counts[i];
    start(out, WSQ_DHT, 1 + WSQ_LONGEST_CODE + symbols);
    civid__wsq_give(out, (uint32_t)table, 1);
    for (int32_t i = 0; i < WSQ_LONGEST_CODE; i++) civid__wsq_give(out, codes->counts[i], 1);
    for (int32_t i = 0; i < symbols; i++) civid__wsq_give(out, codes->symbols[i], 1);
}
