/* filter_row_avx512.c - as filter_row_portable.c, one row of 32 taps (9 of them 0) at a time. */
#include "compiler.h"
#include "extract/kernels/filter_level.h"
#include "extract/kernels/filter_row.h"

#if CIVID_X86
#include <immintrin.h>

CIVID_TARGET_AVX512

static inline __m512i step(__m512i sum, const int16_t *in, __m512i taps) {
    return _mm512_add_epi32(sum, _mm512_madd_epi16(_mm512_loadu_si512(in), taps));
}

void civid__filter_row_avx512(const int16_t *image, int32_t stride, const int16_t *bank,
                              const uint16_t *context, int32_t cells, int16_t *out,
                              int32_t out_stride) {
    for (int32_t c = 0; c < cells; c++) {
        if (context[c] == NO_CONTEXT) continue;
        const int16_t *kernel = bank + (int64_t)context[c] * KERNEL_ROWS * KERNEL_STRIDE;
        const int16_t *in =
            image - (int64_t)KERNEL_RADIUS * stride + c * CIVID__CELL_PX - KERNEL_RADIUS;
        __m512i a = _mm512_setzero_si512(), b = a, d = a, e = a;
        for (int32_t row = 0; row < KERNEL_ROWS; row++, in += stride, kernel += KERNEL_STRIDE) {
            const __m512i taps = _mm512_load_si512(kernel);
            a = step(a, in, taps);
            b = step(b, in + 1, taps);
            d = step(d, in + stride, taps);
            e = step(e, in + stride + 1, taps);
        }
        int16_t *to = out + c * CIVID__CELL_PX;
        to[0] = civid__filter_level(_mm512_reduce_add_epi32(a));
        to[1] = civid__filter_level(_mm512_reduce_add_epi32(b));
        to[out_stride] = civid__filter_level(_mm512_reduce_add_epi32(d));
        to[out_stride + 1] = civid__filter_level(_mm512_reduce_add_epi32(e));
    }
}

CIVID_TARGET_END
#else
typedef int civid__filter_row_avx512_absent;
#endif
