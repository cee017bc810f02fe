/* inverted_avx2.c - as inverted_portable.c: eight minutiae of a list at a time, whose bits are counted
 * by looking nibbles up. Nearly all are too far away; what is waited for is memory, a line of codes and
 * one of details for each eight, so these are fetched ahead. */
#include "compiler.h"
#include "search/inverted/inverted.h"

#if CIVID_X86
#include <immintrin.h>

#include "tables/shared.h"

CIVID_TARGET_AVX2

enum { LANES = 4, GROUP = 2 * LANES };

static inline uint32_t bits_of(uint64_t a, uint64_t b) {
    return (uint32_t)(_mm_popcnt_u64(a) + _mm_popcnt_u64(b));
}

void civid__centres_avx2(uint64_t code, uint64_t detail, uint8_t distance[CIVID__INVERTED]) {
    code &= CIVID__INVERTED_CODE;
    for (int32_t k = 0; k < CIVID__INVERTED; k++)
        distance[k] =
            (uint8_t)bits_of(code ^ civid__inverted_centre[0][k], detail ^ civid__inverted_centre[1][k]);
}

/* Bits of each byte, 0 .. 8. */
static inline __m256i bits_of_bytes(__m256i v) {
    const __m256i table =
        _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1,
                         2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    return _mm256_add_epi8(
        _mm256_shuffle_epi8(table, _mm256_and_si256(v, low)),
        _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), low)));
}

static inline __m256i load(const uint64_t *from) {
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

/* Bits of difference of a minutia of a list, whose direction is the list's. */
static inline uint32_t apart(uint64_t code, uint64_t detail, uint64_t other, uint64_t others_detail,
                             uint32_t turn) {
    return bits_of((code ^ other) & CIVID__INVERTED_CODE, detail ^ others_detail) + turn;
}

/* Of four; in a code's upper byte lists say whose it is. */
static inline __m256i bits_of_four(__m256i code, __m256i detail, const uint64_t *codes,
                                   const uint64_t *details) {
    const __m256i without = _mm256_set1_epi64x((long long)CIVID__INVERTED_CODE);
    const __m256i c =
        bits_of_bytes(_mm256_and_si256(_mm256_xor_si256(code, load(codes)), without));
    const __m256i d = bits_of_bytes(_mm256_xor_si256(detail, load(details)));
    return _mm256_sad_epu8(_mm256_add_epi8(c, d), _mm256_setzero_si256());
}

/* Of eight, in their order. */
static inline __m256i bits_of_eight(__m256i code, __m256i detail, const uint64_t *codes,
                                    const uint64_t *details) {
    const __m256i one = bits_of_four(code, detail, codes, details);
    const __m256i two = bits_of_four(code, detail, codes + LANES, details + LANES);
    /* The second four into the upper halves, then all in order. */
    return _mm256_permutevar8x32_epi32(_mm256_or_si256(one, _mm256_slli_epi64(two, 32)),
                                       _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7));
}

/* Four items, those of the mask to the front; -> behind them. */
static inline uint32_t *pack(uint32_t *to, __m128i items, uint32_t mask) {
#define LANE(k) 4 * (k), 4 * (k) + 1, 4 * (k) + 2, 4 * (k) + 3
#define LANES_OF(a, b, c, d) {LANE(a), LANE(b), LANE(c), LANE(d)}
    static const CIVID_ALIGNED(16) uint8_t front[16][16] = {
        LANES_OF(0, 0, 0, 0), LANES_OF(0, 0, 0, 0), LANES_OF(1, 0, 0, 0), LANES_OF(0, 1, 0, 0),
        LANES_OF(2, 0, 0, 0), LANES_OF(0, 2, 0, 0), LANES_OF(1, 2, 0, 0), LANES_OF(0, 1, 2, 0),
        LANES_OF(3, 0, 0, 0), LANES_OF(0, 3, 0, 0), LANES_OF(1, 3, 0, 0), LANES_OF(0, 1, 3, 0),
        LANES_OF(2, 3, 0, 0), LANES_OF(0, 2, 3, 0), LANES_OF(1, 2, 3, 0), LANES_OF(0, 1, 2, 3),
    };
#undef LANES_OF
#undef LANE
    const __m128i order = _mm_load_si128((const __m128i *)(const void *)front[mask]);
    _mm_storeu_si128((__m128i *)(void *)to, _mm_shuffle_epi8(items, order));
    return to + _mm_popcnt_u32(mask);
}

uint32_t civid__run_avx2(uint64_t code, uint64_t detail, const civid__run_t *run,
                         uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    const uint64_t *const codes = run->codes, *const details = run->details;
    const uint64_t *const next_codes = run->next_codes, *const next_details = run->next_details;
    const uint32_t count = run->count;
    const __m256i a = _mm256_set1_epi64x((long long)code);
    const __m256i b = _mm256_set1_epi64x((long long)detail);
    const __m256i least = _mm256_set1_epi32(CIVID__INVERTED_NEAR - (int)run->turn);
    const __m256i next = _mm256_set1_epi32(GROUP << 8);
    __m256i number = _mm256_add_epi32(
        _mm256_setr_epi32(0, 1 << 8, 2 << 8, 3 << 8, 4 << 8, 5 << 8, 6 << 8, 7 << 8),
        _mm256_set1_epi32((int)run->turn));
    uint32_t j = 0, *to = near;
    for (; count - j >= GROUP; j += GROUP) {
        CIVID_PREFETCH(next_codes + j);
        CIVID_PREFETCH(next_details + j);
        const __m256i bits = bits_of_eight(a, b, codes + j, details + j);
        const uint32_t hits = (uint32_t)_mm256_movemask_ps(
            _mm256_castsi256_ps(_mm256_cmpgt_epi32(least, bits)));
        const __m256i item = _mm256_add_epi32(number, bits);
        to = pack(to, _mm256_castsi256_si128(item), hits & 15);
        to = pack(to, _mm256_extracti128_si256(item, 1), hits >> 4);
        number = _mm256_add_epi32(number, next);
    }
    for (; j < count; j++) {
        const uint32_t bits = apart(code, detail, codes[j], details[j], run->turn);
        *to = j << 8 | bits;
        to += bits < CIVID__INVERTED_NEAR;
    }
    return (uint32_t)(to - near);
}

/* The upper bytes of eight codes in their order, each at the top of 32 bits. */
static inline __m256i upper_bytes(const uint64_t *codes) {
    const __m256i one = _mm256_srli_epi64(load(codes), 32), two = load(codes + LANES);
    const __m256i both = _mm256_blend_epi32(one, two, 0xaa);
    return _mm256_and_si256(
        _mm256_permutevar8x32_epi32(both, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7)),
        _mm256_set1_epi32((int)0xff000000u));
}

uint32_t civid__owners_avx2(uint64_t code, uint64_t detail, const civid__owned_t *of,
                            uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    const uint64_t *const codes = of->codes, *const details = of->details;
    const uint8_t *const subject = of->subject;
    const __m256i a = _mm256_set1_epi64x((long long)code);
    const __m256i b = _mm256_set1_epi64x((long long)detail);
    const __m256i least = _mm256_set1_epi32(CIVID__INVERTED_NEAR - (int)of->turn);
    const __m256i turn = _mm256_set1_epi32((int)of->turn);
    uint32_t j = 0, *to = near;
    for (; of->count - j >= GROUP; j += GROUP) {
        const __m256i bits = bits_of_eight(a, b, codes + j, details + j);
        const uint32_t hits = (uint32_t)_mm256_movemask_ps(
            _mm256_castsi256_ps(_mm256_cmpgt_epi32(least, bits)));
        const __m256i lower = _mm256_cvtepu8_epi32(
            _mm_loadl_epi64((const __m128i *)(const void *)(subject + j)));
        const __m256i whose =
            _mm256_or_si256(upper_bytes(codes + j), _mm256_slli_epi32(lower, 16));
        const __m256i item = _mm256_or_si256(whose, _mm256_add_epi32(bits, turn));
        to = pack(to, _mm256_castsi256_si128(item), hits & 15);
        to = pack(to, _mm256_extracti128_si256(item, 1), hits >> 4);
    }
    for (; j < of->count; j++) {
        const uint32_t bits = apart(code, detail, codes[j], details[j], of->turn);
        *to = civid__whose(codes, subject, j) << 16 | bits;
        to += bits < CIVID__INVERTED_NEAR;
    }
    return (uint32_t)(to - near);
}

CIVID_TARGET_END
#endif
