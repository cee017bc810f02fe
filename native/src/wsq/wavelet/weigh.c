/* weigh.c - weighted sums of rows: plain loops, of which compilers make vector instructions without
 * changing a bit. */
#include "wsq/wavelet/weigh.h"

#include <string.h>

#include "compiler.h"

/* The numbers of terms that the usual filters have, so that taps stay in registers. Rows are
 * parameters: compilers believe `restrict` only of these. */
#define ROW(t) const float *CIVID_RESTRICT r##t
#define TERM(t) value += w##t * r##t[i];
#define TAP(t) const float w##t = taps[t];

static void weigh_7(ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), const float *taps,
                    int32_t width, float *CIVID_RESTRICT out) {
    TAP(0) TAP(1) TAP(2) TAP(3) TAP(4) TAP(5) TAP(6) for (int32_t i = 0; i < width; i++) {
        float value = w0 * r0[i];
        TERM(1) TERM(2) TERM(3) TERM(4) TERM(5) TERM(6) out[i] = value;
    }
}

static void weigh_9(ROW(0), ROW(1), ROW(2), ROW(3), ROW(4), ROW(5), ROW(6), ROW(7), ROW(8),
                    const float *taps, int32_t width, float *CIVID_RESTRICT out) {
    TAP(0)
    TAP(1) TAP(2) TAP(3) TAP(4) TAP(5) TAP(6) TAP(7) TAP(8) for (int32_t i = 0; i < width; i++) {
        float value = w0 * r0[i];
        TERM(1) TERM(2) TERM(3) TERM(4) TERM(5) TERM(6) TERM(7) TERM(8) out[i] = value;
    }
}

/* Any number of terms, one row after the other: the same order, so the same bits. */
static void add_row(const float *CIVID_RESTRICT row, float w, int32_t width,
                    float *CIVID_RESTRICT out) {
    for (int32_t i = 0; i < width; i++) out[i] += w * row[i];
}

void civid__wsq_weigh(const float *const *r, const float *taps, int32_t count, int32_t width,
                      float *out) {
    if (count == 7) {
        weigh_7(r[0], r[1], r[2], r[3], r[4], r[5], r[6], taps, width, out);
    } else if (count == 9) {
        weigh_9(r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], taps, width, out);
    } else {
        memset(out, 0, (size_t)width * sizeof *out);
        for (int32_t t = 0; t < count; t++) add_row(r[t], taps[t], width, out);
    }
}
