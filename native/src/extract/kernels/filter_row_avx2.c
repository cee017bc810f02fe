/* filter_row_avx2.c - as filter_row_portable.c, 16 + 8 taps at a time, four pixels at once. */
#include "compiler.h"
#include "extract/kernels/filter_level.h"
#include "extract/kernels/filter_row.h"

#if CIVID_X86
#include <immintrin.h>

CIVID_TARGET_AVX2

static inline int32_t total(__m256i wide, __m128i narrow) {
    __m128i s = _mm_add_epi32(_mm256_castsi256_si128(wide), _mm256_extracti128_si256(wide, 1));
    s = _mm_add_epi32(s, narrow);
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
    s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
    return _mm_cvtsi128_si32(s);
}

static inline __m256i wide(__m256i sum, const int16_t *in, __m256i taps) {
    const __m256i v = _mm256_loadu_si256((const __m256i *)(const void *)in);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(v, taps));
}

static inline __m128i narrow(__m128i sum, const int16_t *in, __m128i taps) {
    const __m128i v = _mm_loadu_si128((const __m128i *)(const void *)in);
    return _mm_add_epi32(sum, _mm_madd_epi16(v, taps));
}

void civid__filter_row_avx2(const int16_t *image, int32_t stride, const int16_t *bank,
                            const uint16_t *context, int32_t cells, int16_t *out,
                            int32_t out_stride) {
    for (int32_t c = 0; c < cells; c++) {
        if (context[c] == NO_CONTEXT) continue;
        const int16_t *kernel = bank + (int64_t)context[c] * KERNEL_ROWS * KERNEL_STRIDE;
        const int16_t *in =
            image - (int64_t)KERNEL_RADIUS * stride + c * CIVID__CELL_PX - KERNEL_RADIUS;
        __m256i a = _mm256_setzero_si256(), b = a, d = a, e = a;
        __m128i p = _mm_setzero_si128(), q = p, r = p, s = p;
        for (int32_t row = 0; row < KERNEL_ROWS; row++, in += stride, kernel += KERNEL_STRIDE) {
            const __m256i t = _mm256_load_si256((const __m256i *)(const void *)kernel);
            const __m128i u = _mm_load_si128((const __m128i *)(const void *)(kernel + 16));
            a = wide(a, in, t), p = narrow(p, in + 16, u);
            b = wide(b, in + 1, t), q = narrow(q, in + 17, u);
            d = wide(d, in + stride, t), r = narrow(r, in + stride + 16, u);
            e = wide(e, in + stride + 1, t), s = narrow(s, in + stride + 17, u);
        }
        int16_t *to = out + c * CIVID__CELL_PX;
        to[0] = civid__filter_level(total(a, p));
        to[1] = civid__filter_level(total(b, q));
        to[out_stride] = civid__filter_level(total(d, r));
        to[out_stride + 1] = civid__filter_level(total(e, s));
    }
}

CIVID_TARGET_END
#else
typedef int civid__filter_row_avx2_absent;
#endif
