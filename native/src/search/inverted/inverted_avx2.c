/* inverted_avx2.c - as inverted_portable.c: eight minutiae of a list at a time, whose bits are counted
 * by looking nibbles up. Nearly all are too far away; what is waited for is memory, a line of codes and
 * one of details for each eight, so these are fetched ahead. */
#include "compiler.h"
#include "search/inverted/inverted.h"

#if CIVID_X86
#include <immintrin.h>

#include "tables/shared.h"

CIVID_TARGET_AVX2

enum { LANES = 4, GROUP = 2 * LANES, AHEAD = 128 };

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

/* Bits of difference of four minutiae. */
static inline __m256i bits_of_four(__m256i code, __m256i detail, const civid__run_t *run, uint32_t j) {
    const __m256i c = bits_of_bytes(_mm256_xor_si256(code, load(run->codes + j)));
    const __m256i d = bits_of_bytes(_mm256_xor_si256(detail, load(run->details + j)));
    return _mm256_sad_epu8(_mm256_add_epi8(c, d), _mm256_setzero_si256());
}

static inline uint32_t lanes(__m256i mask) {
    return (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(mask));
}

void civid__run_avx2(uint64_t code, uint64_t detail, const civid__run_t *run,
                     const civid__tally_t *tally) {
    const __m256i a = _mm256_set1_epi64x((long long)code);
    const __m256i b = _mm256_set1_epi64x((long long)detail);
    const __m256i near = _mm256_set1_epi64x(CIVID__INVERTED_NEAR);
    uint32_t j = 0;
    for (; run->count - j >= GROUP; j += GROUP) {
        CIVID_PREFETCH(run->codes + j + AHEAD);
        CIVID_PREFETCH(run->details + j + AHEAD);
        const __m256i one = bits_of_four(a, b, run, j);
        const __m256i two = bits_of_four(a, b, run, j + LANES);
        uint32_t hits = lanes(_mm256_cmpgt_epi64(near, one)) |
                        lanes(_mm256_cmpgt_epi64(near, two)) << LANES;
        if (hits == 0) continue;
        uint64_t bits[GROUP];
        _mm256_storeu_si256((__m256i *)(void *)bits, one);
        _mm256_storeu_si256((__m256i *)(void *)(bits + LANES), two);
        for (; hits != 0; hits &= hits - 1) {
            const uint32_t lane = _tzcnt_u32(hits);
            civid__near(tally, run, j + lane, (uint32_t)bits[lane]);
        }
    }
    for (; j < run->count; j++) {
        const uint32_t bits = bits_of(code ^ run->codes[j], detail ^ run->details[j]);
        if (bits < CIVID__INVERTED_NEAR) civid__near(tally, run, j, bits);
    }
}

CIVID_TARGET_END
#endif
