/* Weighted sums of rows under a sanitizer: each row is looked at before the loops run, which then are
 * as the compiler makes them for everybody. `make fuzz` alone links this. */
#include "fuzz.h"
#include "wsq/wavelet/weigh.h"

void civid__wsq_weigh_unchecked(const float *const *rows, const float *taps, int32_t count,
                                int32_t width, float *out);

/* Every sixteenth sample and the last: what follows lent memory is no shorter (`lend`). */
static void check(const float *row, int32_t width) {
    REQUIRE(width >= 0 && (uintptr_t)row % sizeof *row == 0);
    const volatile float *samples = row;
    for (int32_t i = 0; i < width; i += 16) (void)samples[i];
    if (width > 0) (void)samples[width - 1];
}

void civid__wsq_weigh(const float *const *rows, const float *taps, int32_t count, int32_t width,
                      float *out) {
    for (int32_t t = 0; t < count; t++) check(rows[t], width);
    check(taps, count);
    check(out, width);
    civid__wsq_weigh_unchecked(rows, taps, count, width, out);
}
