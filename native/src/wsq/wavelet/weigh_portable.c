/* weigh_portable.c - weighted sums of rows in plain C. */
#include "wsq/wavelet/weigh_body.h"

void civid__wsq_weigh_portable(const float *const *rows, const float *taps, int32_t count,
                               int32_t width, float *out) {
    weigh(rows, taps, count, width, out);
}
