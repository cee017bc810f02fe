/* weigh_avx2.c - weighted sums of rows, eight at a time: the same C, compiled for AVX2. */
#include "compiler.h"
#include "wsq/wavelet/weigh.h"

#if CIVID_X86
#include <string.h>

CIVID_TARGET_AVX2

#include "wsq/wavelet/weigh_body.h"

void civid__wsq_weigh_avx2(const float *const *rows, const float *taps, int32_t count,
                           int32_t width, float *out) {
    weigh(rows, taps, count, width, out);
}

CIVID_TARGET_END

#endif
