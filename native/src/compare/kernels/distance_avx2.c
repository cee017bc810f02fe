/* distance_avx2.c - popcount by looking nibbles up, four codes at a time. */
#include "compare/kernels/distance.h"
#include "compiler.h"

#if CIVID_X86
#include <immintrin.h>
#include <string.h>

CIVID_TARGET_AVX2

static inline __m256i bits_of_bytes(__m256i v) {
    const __m256i table =
        _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1,
                         2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    return _mm256_add_epi8(
        _mm256_shuffle_epi8(table, _mm256_and_si256(v, low)),
        _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), low)));
}

/* Bits that four codes differ by from one, 64 bits a code. */
static inline __m256i four(const __m256i *mine, const uint64_t *block) {
    __m256i sum = _mm256_setzero_si256(); /* bytes, at most 32 each */
    for (int32_t w = 0; w < CIVID__CODE_WORDS; w++) {
        const __m256i theirs =
            _mm256_loadu_si256((const __m256i *)(const void *)(block + w * CIVID__BLOCK));
        sum = _mm256_add_epi8(sum, bits_of_bytes(_mm256_xor_si256(mine[w], theirs)));
    }
    return _mm256_sad_epu8(sum, _mm256_setzero_si256());
}

void civid__distance_avx2(const civid__prepared_t *a, const civid__prepared_t *b,
                          uint8_t *distance, uint8_t *row_best, uint8_t *column_best) {
    const uint64_t *ca = civid__codes(a), *cb = civid__codes(b);
    const int32_t blocks = civid__blocks(b->count), stride = blocks * CIVID__BLOCK;
    const __m128i none = _mm_set1_epi8((char)255), ceiling = _mm_set1_epi16(254);
    memset(column_best, 255, (size_t)stride);
    for (int32_t i = 0; i < a->count; i++) {
        const uint64_t *code =
            ca + i / CIVID__BLOCK * CIVID__BLOCK * CIVID__CODE_WORDS + i % CIVID__BLOCK;
        __m256i mine[CIVID__CODE_WORDS];
        for (int32_t w = 0; w < CIVID__CODE_WORDS; w++)
            mine[w] = _mm256_set1_epi64x((long long)code[w * CIVID__BLOCK]);
        uint8_t *row = distance + (size_t)i * stride;
        __m128i best = none;
        for (int32_t k = 0; k < blocks; k++) {
            const uint64_t *block = cb + (size_t)k * CIVID__BLOCK * CIVID__CODE_WORDS;
            /* 0 2 | 1 3 of each half: packing works within 128-bit halves, undone by the permute */
            const __m256i words = _mm256_permute4x64_epi64(
                _mm256_packus_epi32(four(mine, block), four(mine, block + 4)), 0xd8);
            const __m256i dwords = _mm256_packus_epi32(words, words);
            __m128i shorts = _mm_unpacklo_epi64(_mm256_castsi256_si128(dwords),
                                                _mm256_extracti128_si256(dwords, 1));
            shorts = _mm_min_epi16(shorts, ceiling);
            __m128i bytes = _mm_packus_epi16(shorts, shorts);
            const int32_t here = b->count - k * CIVID__BLOCK;
            if (here < CIVID__BLOCK) {
                const uint64_t outside = ~(uint64_t)0 << (8 * here);
                bytes = _mm_or_si128(bytes, _mm_cvtsi64_si128((long long)outside));
            }
            _mm_storel_epi64((__m128i *)(void *)(row + k * CIVID__BLOCK), bytes);
            __m128i *column = (__m128i *)(void *)(column_best + k * CIVID__BLOCK);
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

static inline uint64_t best_of_32(const uint8_t *row, const uint8_t *column_best, __m256i own) {
    const __m256i values = _mm256_loadu_si256((const __m256i *)(const void *)row);
    const __m256i columns = _mm256_loadu_si256((const __m256i *)(const void *)column_best);
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(_mm256_cmpeq_epi8(values, columns),
                                                          _mm256_cmpeq_epi8(values, own)));
}

uint64_t civid__best_avx2(const uint8_t *row, const uint8_t *column_best, uint8_t row_best) {
    const __m256i own = _mm256_set1_epi8((char)row_best);
    return best_of_32(row, column_best, own) | best_of_32(row + 32, column_best + 32, own) << 32;
}

CIVID_TARGET_END
#endif
