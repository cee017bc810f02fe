/* inverted_avx2.c - as inverted_portable.c: eight minutiae of a list at a time, whose bits are counted
 * by looking nibbles up. Nearly all are too far away; what is waited for is memory, two lines for each
 * eight, so these are fetched ahead. */
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

/* Two minutiae of a list. */
static inline __m256i load(const civid__listed_t *from) {
    return _mm256_loadu_si256((const __m256i *)(const void *)from);
}

/* A code as two minutiae of a list stand. */
static inline __m256i broadcast(uint64_t code, uint64_t detail) {
    return _mm256_broadcastsi128_si256(_mm_set_epi64x((long long)detail, (long long)code));
}

/* Bits of difference of a minutia of a list, whose direction is the list's. */
static inline uint32_t apart(uint64_t code, uint64_t detail, const civid__listed_t *other,
                             uint32_t turn) {
    return bits_of((code ^ other->code) & CIVID__INVERTED_CODE, detail ^ other->detail) + turn;
}

/* Of two, byte by byte; in a code's upper byte lists say whose it is. */
static inline __m256i bits_of_two(__m256i probe, const civid__listed_t *listed) {
    const __m256i without = broadcast(CIVID__INVERTED_CODE, ~(uint64_t)0);
    return bits_of_bytes(_mm256_and_si256(_mm256_xor_si256(probe, load(listed)), without));
}

/* Of four: the first, third, second and fourth. */
static inline __m256i bits_of_four(__m256i probe, const civid__listed_t *listed) {
    const __m256i a = bits_of_two(probe, listed), b = bits_of_two(probe, listed + 2);
    return _mm256_sad_epu8(
        _mm256_add_epi8(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b)),
        _mm256_setzero_si256());
}

/* Of eight, in their order. */
static inline __m256i bits_of_eight(__m256i probe, const civid__listed_t *listed) {
    const __m256i one = bits_of_four(probe, listed);
    const __m256i two = bits_of_four(probe, listed + LANES);
    /* The second four into the upper halves, then all in order. */
    return _mm256_permutevar8x32_epi32(_mm256_or_si256(one, _mm256_slli_epi64(two, 32)),
                                       _mm256_setr_epi32(0, 4, 2, 6, 1, 5, 3, 7));
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
    const uint32_t count = run->count;
    const __m256i probe = broadcast(code, detail);
    const __m256i least = _mm256_set1_epi32(CIVID__INVERTED_NEAR);
    const __m256i next = _mm256_set1_epi32(GROUP << 8);
    __m256i number = _mm256_setr_epi32(0, 1 << 8, 2 << 8, 3 << 8, 4 << 8, 5 << 8, 6 << 8, 7 << 8);
    uint32_t j = 0, *to = near;
    for (; count - j >= GROUP; j += GROUP) {
        CIVID_PREFETCH(run->next + j);
        CIVID_PREFETCH(run->next + j + LANES);
        const __m256i bits = bits_of_eight(probe, run->listed + j);
        const uint32_t hits = (uint32_t)_mm256_movemask_ps(
            _mm256_castsi256_ps(_mm256_cmpgt_epi32(least, bits)));
        const __m256i item = _mm256_or_si256(number, bits);
        to = pack(to, _mm256_castsi256_si128(item), hits & 15);
        to = pack(to, _mm256_extracti128_si256(item, 1), hits >> 4);
        number = _mm256_add_epi32(number, next);
    }
    for (; j < count; j++) {
        const uint32_t bits = apart(code, detail, &run->listed[j], 0);
        *to = j << 8 | bits;
        to += bits < CIVID__INVERTED_NEAR;
    }
    return (uint32_t)(to - near);
}

/* The upper bytes of four codes in their order, each at the top of 32 bits. */
static inline __m128i upper_bytes(const civid__listed_t *listed) {
    const __m256i one = _mm256_unpacklo_epi64(load(listed), load(listed + 2));
    const __m256i order = _mm256_setr_epi32(1, 5, 3, 7, 0, 0, 0, 0);
    return _mm_and_si128(_mm256_castsi256_si128(_mm256_permutevar8x32_epi32(one, order)),
                         _mm_set1_epi32((int)0xff000000u));
}

uint32_t civid__owners_avx2(uint64_t code, uint64_t detail, const civid__owned_t *of,
                            uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    const uint8_t *const subject = of->subject;
    const __m256i probe = broadcast(code, detail);
    const __m256i least = _mm256_set1_epi32(CIVID__INVERTED_NEAR - (int)of->turn);
    const __m256i turn = _mm256_set1_epi32((int)of->turn);
    uint32_t j = 0, *to = near;
    for (; of->count - j >= GROUP; j += GROUP) {
        const civid__listed_t *const listed = of->listed + j;
        const __m256i bits = bits_of_eight(probe, listed);
        const uint32_t hits = (uint32_t)_mm256_movemask_ps(
            _mm256_castsi256_ps(_mm256_cmpgt_epi32(least, bits)));
        const __m256i lower = _mm256_cvtepu8_epi32(
            _mm_loadl_epi64((const __m128i *)(const void *)(subject + j)));
        const __m256i upper =
            _mm256_set_m128i(upper_bytes(listed + LANES), upper_bytes(listed));
        const __m256i whose = _mm256_or_si256(upper, _mm256_slli_epi32(lower, 16));
        const __m256i item = _mm256_or_si256(whose, _mm256_add_epi32(bits, turn));
        to = pack(to, _mm256_castsi256_si128(item), hits & 15);
        to = pack(to, _mm256_extracti128_si256(item, 1), hits >> 4);
    }
    for (; j < of->count; j++) {
        const uint32_t bits = apart(code, detail, &of->listed[j], of->turn);
        *to = civid__whose(of->listed, subject, j) << 16 | bits;
        to += bits < CIVID__INVERTED_NEAR;
    }
    return (uint32_t)(to - near);
}

CIVID_TARGET_END
#endif
