/* inverted_avx512.c - eight minutiae at a time with VPOPCNTQ: two lines of memory, fetched ahead. Hits are packed without a branch: one group in two has some, and nobody foresees
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

/* A code as four minutiae of a list stand. */
static inline __m512i broadcast(uint64_t code, uint64_t detail) {
    return _mm512_broadcast_i32x4(_mm_set_epi64x((long long)detail, (long long)code));
}

/* Fewer than eight minutiae: what there is of them, and a bit for each. */
typedef struct {
    __m512i a, b;
    __mmask8 mask;
} rest_t;

static inline rest_t rest_of(const civid__listed_t *listed, uint32_t left) {
    const uint32_t words = (1u << 2 * left) - 1; /* two a minutia */
    const rest_t rest = {_mm512_maskz_loadu_epi64((__mmask8)words, listed),
                         _mm512_maskz_loadu_epi64((__mmask8)(words >> LANES), listed + LANES / 2),
                         (__mmask8)((1u << left) - 1)};
    return rest;
}

/* Bits in each word in which four minutiae differ from the probe's, but for the upper byte of a code,
 * in which lists say whose it is. */
static inline __m512i bits_of_words(__m512i probe, __m512i listed) {
    enum { XOR_THEN_AND = 0x28 };
    const __m512i without = broadcast(CIVID__INVERTED_CODE, ~(uint64_t)0);
    return _mm512_popcnt_epi64(_mm512_ternarylogic_epi64(probe, listed, without, XOR_THEN_AND));
}

/* Bits of eight minutiae, in their order, as 32 bits each. */
static inline __m256i bits_of_eight(__m512i a, __m512i b) {
    const __m512i order =
        _mm512_setr_epi32(0, 4, 8, 12, 16, 20, 24, 28, 2, 6, 10, 14, 18, 22, 26, 30);
    const __m512i words = _mm512_permutex2var_epi32(a, order, b); /* codes, then details */
    return _mm256_add_epi32(_mm512_castsi512_si256(words), _mm512_extracti64x4_epi64(words, 1));
}

/* Those of eight that are near to the front, and how many they are. */
static inline uint32_t pack(uint32_t *to, __m256i item, __mmask8 hits) {
    _mm256_storeu_si256((__m256i *)(void *)to, _mm256_maskz_compress_epi32(hits, item));
    return (uint32_t)_mm_popcnt_u32(hits);
}

uint32_t civid__run_avx512(uint64_t code, uint64_t detail, const civid__run_t *run,
                           uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    const uint32_t count = run->count;
    const __m512i probe = broadcast(code, detail);
    const __m256i least = _mm256_set1_epi32(CIVID__INVERTED_NEAR);
    const __m256i next = _mm256_set1_epi32(LANES << 8);
    __m256i number = _mm256_setr_epi32(0, 1 << 8, 2 << 8, 3 << 8, 4 << 8, 5 << 8, 6 << 8, 7 << 8);
    uint32_t j = 0, found = 0;
    for (; count - j >= LANES; j += LANES) {
        const civid__listed_t *const listed = run->listed + j;
        CIVID_PREFETCH(run->next + j);
        CIVID_PREFETCH(run->next + j + LANES / 2);
        const __m512i a = _mm512_loadu_si512(listed), b = _mm512_loadu_si512(listed + LANES / 2);
        const __m256i bits = bits_of_eight(bits_of_words(probe, a), bits_of_words(probe, b));
        found += pack(near + found, _mm256_or_si256(number, bits),
                      _mm256_cmplt_epi32_mask(bits, least));
        number = _mm256_add_epi32(number, next);
    }
    const uint32_t left = count - j;
    if (left > 0) {
        const rest_t rest = rest_of(run->listed + j, left);
        const __m256i bits = bits_of_eight(bits_of_words(probe, rest.a), bits_of_words(probe, rest.b));
        found += pack(near + found, _mm256_or_si256(number, bits),
                      _mm256_mask_cmplt_epi32_mask(rest.mask, bits, least));
    }
    return found;
}

/* The upper bytes of eight codes in their order, each at the top of 32 bits. */
static inline __m256i upper_bytes(__m512i a, __m512i b) {
    const __m512i order =
        _mm512_setr_epi32(1, 5, 9, 13, 17, 21, 25, 29, 1, 5, 9, 13, 17, 21, 25, 29);
    return _mm256_and_si256(_mm512_castsi512_si256(_mm512_permutex2var_epi32(a, order, b)),
                            _mm256_set1_epi32((int)0xff000000u));
}

/* Whose these eight are, at the top of 32 bits, and bits of difference below. */
static inline __m256i owned(__m512i a, __m512i b, __m128i lower, __m256i bits) {
    return _mm256_or_si256(
        _mm256_or_si256(upper_bytes(a, b), _mm256_slli_epi32(_mm256_cvtepu8_epi32(lower), 16)), bits);
}

uint32_t civid__owners_avx512(uint64_t code, uint64_t detail, const civid__owned_t *of,
                              uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    const __m512i probe = broadcast(code, detail);
    const __m256i least = _mm256_set1_epi32(CIVID__INVERTED_NEAR);
    const __m256i turn = _mm256_set1_epi32((int)of->turn);
    uint32_t j = 0, found = 0;
    for (; of->count - j >= LANES; j += LANES) {
        const civid__listed_t *const listed = of->listed + j;
        const __m512i a = _mm512_loadu_si512(listed), b = _mm512_loadu_si512(listed + LANES / 2);
        const __m256i bits = _mm256_add_epi32(
            bits_of_eight(bits_of_words(probe, a), bits_of_words(probe, b)), turn);
        const __m128i lower = _mm_loadl_epi64((const __m128i *)(const void *)(of->subject + j));
        found += pack(near + found, owned(a, b, lower, bits), _mm256_cmplt_epi32_mask(bits, least));
    }
    const uint32_t left = of->count - j;
    if (left > 0) {
        const rest_t rest = rest_of(of->listed + j, left);
        const __m256i bits = _mm256_add_epi32(
            bits_of_eight(bits_of_words(probe, rest.a), bits_of_words(probe, rest.b)), turn);
        const __m128i lower = _mm_maskz_loadu_epi8(rest.mask, of->subject + j);
        found += pack(near + found, owned(rest.a, rest.b, lower, bits),
                      _mm256_mask_cmplt_epi32_mask(rest.mask, bits, least));
    }
    return found;
}

CIVID_TARGET_END
#endif
