/* distance_avx512.c - eight codes at a time with VPOPCNTQ. */
#include "compiler.h"
#include "compare/kernels/distance.h"

#if CIVID_X86
#include <immintrin.h>
#include <string.h>

CIVID_TARGET_AVX512

void civid__distance_avx512(const civid__prepared_t *a, const civid__prepared_t *b,
                            uint8_t *distance, uint8_t *row_best, uint8_t *column_best) {
    const uint64_t *ca = civid__codes(a), *cb = civid__codes(b);
    const int32_t blocks = civid__blocks(b->count), stride = blocks * CIVID__BLOCK;
    const __m512i ceiling = _mm512_set1_epi64(254);
    const __m128i none = _mm_set1_epi8((char)255);
    memset(column_best, 255, (size_t)stride);
    for (int32_t i = 0; i < a->count; i++) {
        const uint64_t *mine =
            ca + i / CIVID__BLOCK * CIVID__BLOCK * CIVID__CODE_WORDS + i % CIVID__BLOCK;
        const __m512i m0 = _mm512_set1_epi64((long long)mine[0]);
        const __m512i m1 = _mm512_set1_epi64((long long)mine[8]);
        const __m512i m2 = _mm512_set1_epi64((long long)mine[16]);
        const __m512i m3 = _mm512_set1_epi64((long long)mine[24]);
        uint8_t *row = distance + (size_t)i * stride;
        __m128i best = none;
        for (int32_t k = 0; k < blocks; k++) {
            const uint64_t *block = cb + (size_t)k * CIVID__BLOCK * CIVID__CODE_WORDS;
            const __m512i p0 = _mm512_popcnt_epi64(_mm512_xor_si512(m0, _mm512_loadu_si512(block)));
            const __m512i p1 =
                _mm512_popcnt_epi64(_mm512_xor_si512(m1, _mm512_loadu_si512(block + 8)));
            const __m512i p2 =
                _mm512_popcnt_epi64(_mm512_xor_si512(m2, _mm512_loadu_si512(block + 16)));
            const __m512i p3 =
                _mm512_popcnt_epi64(_mm512_xor_si512(m3, _mm512_loadu_si512(block + 24)));
            const __m512i bits =
                _mm512_add_epi64(_mm512_add_epi64(p0, p1), _mm512_add_epi64(p2, p3));
            __m128i bytes = _mm512_cvtepi64_epi8(_mm512_min_epu64(bits, ceiling));
            const int32_t here = b->count - k * CIVID__BLOCK;
            if (here < CIVID__BLOCK)
                bytes = _mm_mask_mov_epi8(bytes, (__mmask16)(0xffu << here & 0xffu), none);
            _mm_storel_epi64((__m128i *)(row + k * CIVID__BLOCK), bytes);
            __m128i *column = (__m128i *)(column_best + k * CIVID__BLOCK);
            _mm_storel_epi64(column, _mm_min_epu8(_mm_loadl_epi64(column), bytes));
            best = _mm_min_epu8(best, bytes);
        }
        uint64_t eight = (uint64_t)_mm_cvtsi128_si64(best);
        uint8_t least = 255;
        for (int32_t j = 0; j < 8; j++, eight >>= 8)
            if ((uint8_t)eight < least) least = (uint8_t)eight;
        row_best[i] = least;
    }
}

uint64_t civid__best_avx512(const uint8_t *row, const uint8_t *column_best, uint8_t row_best) {
    const __m512i values = _mm512_loadu_si512(row), columns = _mm512_loadu_si512(column_best);
    return _mm512_cmpeq_epi8_mask(values, columns) |
           _mm512_cmpeq_epi8_mask(values, _mm512_set1_epi8((char)row_best));
}

CIVID_TARGET_END
#endif
