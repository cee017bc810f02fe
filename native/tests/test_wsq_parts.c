/* The parts of WSQ: the tree, the filters, the codes, and two elementary functions. */
#include <math.h>
#include <string.h>

#include "test.h"
#include "wsq/memory.h"
#include "wsq/read/codes.h"
#include "wsq/wavelet/join.h"
#include "wsq/wavelet/split.h"
#include "wsq/write/bin_widths.h"
#include "wsq/write/logarithm.h"
#include "wsq/write/tokens.h"
#include "wsq/write/write_tables.h"

/* The coded sub-bands and the last quarter cover each pixel once. */
static void sub_bands_cover_the_image(void) {
    static uint8_t covered[140 * 140];
    for (int32_t width = 1; width < 140; width += 1 + width / 9)
        for (int32_t height = 1; height < 140; height += 1 + height / 7) {
            civid__wsq_tree_t tree;
            civid__wsq_tree(&tree, width, height);
            memset(covered, 0, sizeof covered);
            for (int32_t b = 0; b <= WSQ_BANDS; b++) {
                const civid__wsq_area_t last = {(width + 1) / 2, (height + 1) / 2, width / 2,
                                                height / 2};
                const civid__wsq_area_t *a = b < WSQ_BANDS ? &tree.bands[b] : &last;
                CHECK(a->x >= 0 && a->y >= 0 && a->width >= 0 && a->height >= 0);
                CHECK(a->x + a->width <= width && a->y + a->height <= height);
                for (int32_t y = 0; y < a->height; y++)
                    for (int32_t x = 0; x < a->width; x++) covered[(a->y + y) * width + a->x + x]++;
            }
            int32_t wrong = 0;
            for (int32_t i = 0; i < width * height; i++) wrong += covered[i] != 1;
            CHECK_INT(wrong, 0);
        }
}

/* Filters for synthesis from those for analysis: the other of the pair, every second sign changed. */
static void turn_round(const civid__wsq_filters_t *from, civid__wsq_filters_t *to) {
    to->low_taps = from->high_taps;
    to->high_taps = from->low_taps;
    for (int32_t i = 0; i < to->low_taps; i++)
        to->low[i] = (i - to->low_taps / 2) & 1 ? -from->high[i] : from->high[i];
    for (int32_t i = 0; i < to->high_taps; i++)
        to->high[i] = (i - to->high_taps / 2) & 1 ? -from->low[i] : from->low[i];
}

/* Split and joined again, an image that varies one way only (all else has something in the quarter
 * that is never coded) is as it was, whatever its size. */
static void joined_is_what_was_split(void) {
    enum { MOST = 100, ROOM = 1 << 18 };
    static uint8_t pixels[MOST * MOST], again[MOST * MOST];
    unsigned char *base = civid__memory(ROOM);
    civid__wsq_filters_t analysis, synthesis;
    civid__wsq_usual_filters(&analysis);
    turn_round(&analysis, &synthesis);
    civid__wsq_picture_t picture = {.pixels = pixels};
    for (int32_t v = 0; v < 256; v++) picture.levels[v] = (float)v - 128;
    uint64_t state = 5;
    for (int32_t width = 1; width <= MOST; width += 1 + width / 12)
        for (int32_t height = 1; height <= MOST; height += 1 + height / 10)
            for (int32_t across = 0; across < 2; across++) {
                civid__wsq_tree_t tree;
                civid__wsq_memory_t memory = {base, 0};
                civid__wsq_lines_t lines;
                civid__wsq_rows_t rows;
                const uint64_t count = (uint64_t)width * (uint64_t)height * sizeof(float);
                civid__wsq_tree(&tree, width, height);
                memset(base, 0xff, ROOM); /* not numbers */
                float *values = civid__wsq_divide(&memory, count);
                float *spare = civid__wsq_divide(&memory, count);
                lines.low = civid__wsq_divide_line(&memory, width);
                lines.high = civid__wsq_divide_line(&memory, width);
                lines.even = rows.even = civid__wsq_divide_line(&memory, width);
                lines.odd = rows.odd = civid__wsq_divide_line(&memory, width);
                rows.pitch = width;
                rows.ring = civid__wsq_divide(&memory, sizeof(float) * WSQ_RING * (uint64_t)width);
                CHECK(memory.used <= ROOM);
                for (int32_t y = 0; y < height; y++)
                    for (int32_t x = 0; x < width; x++)
                        pixels[y * width + x] =
                            across ? (y ? pixels[x] : (uint8_t)civid__below(&state, 256))
                                   : (x ? pixels[y * width] : (uint8_t)civid__below(&state, 256));
                picture.stride = width;
                civid__wsq_split(&tree, &analysis, &picture, values, spare, &rows);
                civid__wsq_join(&tree, &synthesis, values, spare, &lines, 128, 1, again);
                int32_t wrong = 0;
                for (int32_t i = 0; i < width * height; i++) wrong += again[i] != pixels[i];
                CHECK_INT(wrong, 0);
            }
    free(base);
}

static void mirrors(void) {
    for (int32_t length = 1; length < 9; length++) {
        int32_t place = 0, step = 1;
        for (int32_t i = 0; i < 50; i++) {
            CHECK_INT(civid__wsq_mirror(i, length), place);
            CHECK_INT(civid__wsq_mirror(-i, length), place);
            if (length == 1) continue;
            if (place + step < 0 || place + step >= length) step = -step;
            place += step;
        }
    }
}

/* Codes of every length there is: no prefix of another, none all ones, at most 16 bits. */
static void check_codes(const int64_t counts[WSQ_SYMBOLS], double *mean) {
    static civid__wsq_lookup_t lookup;
    civid__wsq_codes_t codes;
    civid__wsq_best_codes(counts, &codes);
    int32_t lengths[WSQ_SYMBOLS] = {0}, place = 0;
    uint32_t taken = 0;
    for (int32_t n = 1; n <= WSQ_LONGEST_CODE; n++)
        for (int32_t i = 0; i < codes.counts[n - 1]; i++) {
            lengths[codes.symbols[place++]] = n;
            taken += 1u << (WSQ_LONGEST_CODE - n);
        }
    CHECK(taken < 1u << WSQ_LONGEST_CODE);
    int64_t sum = 0, all = 0;
    for (int32_t s = 0; s < WSQ_SYMBOLS; s++) {
        CHECK((lengths[s] > 0) == (counts[s] > 0));
        sum += counts[s] * lengths[s];
        all += counts[s];
    }
    *mean = all ? (double)sum / (double)all : 0;
    civid__wsq_lookup(&lookup, &codes);
    uint32_t code = 0;
    place = 0;
    for (int32_t n = 1; n <= WSQ_LONGEST_CODE; n++, code <<= 1)
        for (int32_t i = 0; i < codes.counts[n - 1]; i++, code++, place++)
            for (uint64_t rest = 0; rest < 2; rest++) {
                const uint64_t bits = (uint64_t)code << (64 - n) | (rest ? ~UINT64_C(0) >> n : 0);
                const civid__wsq_code_t found = civid__wsq_find(&lookup, bits);
                CHECK(found.length == n && found.symbol == codes.symbols[place]);
            }
    CHECK_INT(civid__wsq_find(&lookup, ~UINT64_C(0)).length, 0);
}

static void codes(void) {
    int64_t counts[WSQ_SYMBOLS] = {0};
    double mean;
    check_codes(counts, &mean);
    counts[77] = 12;
    check_codes(counts, &mean);
    CHECK(mean == 1);
    for (int32_t s = 0; s < WSQ_SYMBOLS; s++) counts[s] = 9;
    check_codes(counts, &mean);
    CHECK(mean > 8 && mean < 8.05);
    /* Fibonacci's numbers make the longest codes. */
    memset(counts, 0, sizeof counts);
    int64_t last = 1, next = 1;
    for (int32_t s = 0; s < 60; s++) {
        counts[s] = last;
        const int64_t sum = last + next;
        last = next;
        next = sum;
    }
    check_codes(counts, &mean);
    CHECK(mean < 2.7);
    uint64_t state = 3;
    for (int32_t run = 0; run < 50; run++) {
        double entropy = 0, all = 0;
        for (int32_t s = 0; s < WSQ_SYMBOLS; s++) {
            counts[s] = civid__below(&state, 3) ? 0 : 1 + civid__below(&state, 1 << run % 20);
            all += (double)counts[s];
        }
        for (int32_t s = 0; s < WSQ_SYMBOLS; s++)
            if (counts[s]) entropy -= (double)counts[s] / all * log2((double)counts[s] / all);
        check_codes(counts, &mean);
        CHECK(mean >= entropy - 1e-9 && mean < entropy + 1);
    }
}

static void elementary_functions(void) {
    CHECK(civid__wsq_log(1) == 0 && civid__wsq_exp(0) == 1);
    for (double x = 1e-9; x < 1e12; x *= 1.37)
        CHECK(fabs(civid__wsq_log(x) - log(x)) < 1e-14 * fmax(1, fabs(log(x))));
    for (double x = -60; x <= 100; x += 0.37) CHECK(fabs(civid__wsq_exp(x) / exp(x) - 1) < 1e-13);
}

/* The formulas of part 3, for two sub-bands that are computed by hand: all others vary too little. */
static void bin_widths(void) {
    double variances[WSQ_BANDS] = {0}, widths[WSQ_BANDS];
    variances[0] = 400;
    variances[55] = 100;
    civid__wsq_bin_widths(variances, 0.5, widths);
    /* Relative widths 1 and 10 / (1.08 ln 100), deviations 20 and 10, shares 1/1024 and 1/16. */
    const double second = 10 / (1.08 * log(100)), shares = 1.0 / 1024 + 1.0 / 16;
    const double product = pow(20, 1.0 / 1024) * pow(10 / second, 1.0 / 16);
    const double q = pow(2, 0.5 / shares - 1) / 2.5 / pow(product, 1 / shares);
    CHECK(fabs(widths[0] * q - 1) < 1e-9 || widths[0] == 0.25);
    CHECK(fabs(widths[55] * q / second - 1) < 1e-9 || widths[55] == 0.25);
    civid__wsq_bin_widths(variances, 0.05, widths);
    const double q_low = q * pow(2, (0.05 - 0.5) / shares);
    CHECK(fabs(widths[0] * q_low - 1) < 1e-9);
    CHECK(fabs(widths[55] * q_low / second - 1) < 1e-9);
    for (int32_t b = 1; b < WSQ_BANDS; b++) CHECK((widths[b] > 0) == (b == 55));
}

int main(void) {
    RUN(sub_bands_cover_the_image);
    RUN(joined_is_what_was_split);
    RUN(mirrors);
    RUN(codes);
    RUN(elementary_functions);
    RUN(bin_widths);
    return DONE();
}
