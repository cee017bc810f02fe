/* inverted_avx512.c - eight minutiae at a time with VPOPCNTQ: a line of codes and one of details,
 * fetched ahead. Hits are packed without a branch: one group in two has some, and nobody foresees
 * which. */
#include "compiler.h"
#include "search/inverted/inverted.h"

#if CIVID_X86
#include <immintrin.h>

#include "tables/shared.h"

CIVID_TARGET_AVX512

enum { LANES = 8 };

static inline __m512i bits_of(__m512i a, __m512i b) {
    return _mm512_add_epi64(_mm512_popcnt_epi64(a), _mm512_popcnt_epi64(b));
}

void civid__centres_avx512(uint64_t code, uint64_t detail, uint8_t distance[CIVID__INVERTED]) {
    const __m512i a = _mm512_set1_epi64((long long)(code & CIVID__INVERTED_CODE));
    const __m512i b = _mm512_set1_epi64((long long)detail);
    for (int32_t k = 0; k < CIVID__INVERTED; k += LANES) {
        const __m512i c = _mm512_loadu_si512(civid__inverted_centre[0] + k);
        const __m512i d = _mm512_loadu_si512(civid__inverted_centre[1] + k);
        const __m512i bits = bits_of(_mm512_xor_si512(a, c), _mm512_xor_si512(b, d));
        _mm_storel_epi64((__m128i *)(void *)(distance + k), _mm512_cvtepi64_epi8(bits));
    }
}

/* (a ^ b) without the upper byte, in which lists say whose it is. */
static inline __m512i code_apart(__m512i a, __m512i b) {
    enum { XOR_THEN_AND = 0x28 };
    return _mm512_ternarylogic_epi64(a, b, _mm512_set1_epi64((long long)CIVID__INVERTED_CODE),
                                     XOR_THEN_AND);
}

uint32_t civid__run_avx512(uint64_t code, uint64_t detail, const civid__run_t *run,
                           uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    const uint64_t *const codes = run->codes, *const details = run->details;
    const uint64_t *const next_codes = run->next_codes, *const next_details = run->next_details;
    const uint32_t count = run->count;
    const __m512i a = _mm512_set1_epi64((long long)code);
    const __m512i b = _mm512_set1_epi64((long long)detail);
    const __m512i least = _mm512_set1_epi64(CIVID__INVERTED_NEAR - (long long)run->turn);
    const __m512i next = _mm512_set1_epi64(LANES << 8);
    __m512i number = _mm512_add_epi64(
        _mm512_setr_epi64(0, 1 << 8, 2 << 8, 3 << 8, 4 << 8, 5 << 8, 6 << 8, 7 << 8),
        _mm512_set1_epi64(run->turn));
    uint32_t found = 0;
    for (uint32_t j = 0; j < count; j += LANES) {
        CIVID_PREFETCH(next_codes + j);
        CIVID_PREFETCH(next_details + j);
        const uint32_t left = count - j;
        const __mmask8 mask = (__mmask8)(left >= LANES ? 0xff : (1u << left) - 1);
        const __m512i c = _mm512_maskz_loadu_epi64(mask, codes + j);
        const __m512i d = _mm512_maskz_loadu_epi64(mask, details + j);
        const __m512i bits = bits_of(code_apart(a, c), _mm512_xor_si512(b, d));
        const __mmask8 hits = _mm512_mask_cmplt_epu64_mask(mask, bits, least);
        const __m256i item = _mm512_cvtepi64_epi32(_mm512_add_epi64(number, bits));
        _mm256_storeu_si256((__m256i *)(void *)(near + found),
                            _mm256_maskz_compress_epi32(hits, item));
        found += (uint32_t)_mm_popcnt_u32(hits);
        number = _mm512_add_epi64(number, next);
    }
    return found;
}

/* Of eight and eight 64-bit items the lower halves, as sixteen of 32 bits in their order. */
static inline __m512i low_halves(__m512i a, __m512i b) {
    const __m512i order =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    return _mm512_permutex2var_epi32(a, order, b);
}

/* The upper halves. */
static inline __m512i high_halves(__m512i a, __m512i b) {
    const __m512i order =
        _mm512_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
    return _mm512_permutex2var_epi32(a, order, b);
}

uint32_t civid__owners_avx512(uint64_t code, uint64_t detail, const civid__owned_t *of,
                              uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    enum { BOTH = 2 * LANES };
    const uint64_t *const codes = of->codes, *const details = of->details;
    const __m512i a = _mm512_set1_epi64((long long)code);
    const __m512i b = _mm512_set1_epi64((long long)detail);
    const __m512i least = _mm512_set1_epi32(CIVID__INVERTED_NEAR - (int)of->turn);
    const __m512i turn = _mm512_set1_epi32((int)of->turn);
    const __m512i upper = _mm512_set1_epi32((int)0xff000000u);
    uint32_t found = 0;
    for (uint32_t j = 0; j < of->count; j += BOTH) {
        const uint32_t left = of->count - j;
        const __mmask16 mask = (__mmask16)(left >= BOTH ? 0xffff : (1u << left) - 1);
        const __mmask8 low = (__mmask8)mask, high = (__mmask8)(mask >> LANES);
        const __m512i c = _mm512_maskz_loadu_epi64(low, codes + j);
        const __m512i d = _mm512_maskz_loadu_epi64(high, codes + j + LANES);
        const __m512i one = bits_of(code_apart(a, c),
                                    _mm512_xor_si512(b, _mm512_maskz_loadu_epi64(low, details + j)));
        const __m512i two =
            bits_of(code_apart(a, d),
                    _mm512_xor_si512(b, _mm512_maskz_loadu_epi64(high, details + j + LANES)));
        const __m512i bits = low_halves(one, two);
        const __mmask16 hits = _mm512_mask_cmplt_epu32_mask(mask, bits, least);
        const __m512i lower = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(mask, of->subject + j));
        const __m512i whose = _mm512_or_si512(_mm512_and_si512(high_halves(c, d), upper),
                                              _mm512_slli_epi32(lower, 16));
        const __m512i item = _mm512_or_si512(whose, _mm512_add_epi32(bits, turn));
        _mm512_storeu_si512(near + found, _mm512_maskz_compress_epi32(hits, item));
        found += (uint32_t)_mm_popcnt_u32(hits);
    }
    return found;
}

CIVID_TARGET_END
#endif
