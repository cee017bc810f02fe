/* inverted_avx512.c - eight minutiae at a time with VPOPCNTQ: a line of codes and one of details,
 * fetched ahead. */
#include "compiler.h"
#include "search/inverted/inverted.h"

#if CIVID_X86
#include <immintrin.h>

#include "tables/shared.h"

CIVID_TARGET_AVX512

enum { LANES = 8, AHEAD = 128 };

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

void civid__run_avx512(uint64_t code, uint64_t detail, const civid__run_t *run,
                       const civid__tally_t *tally) {
    const __m512i a = _mm512_set1_epi64((long long)code);
    const __m512i b = _mm512_set1_epi64((long long)detail);
    const __m512i near = _mm512_set1_epi64(CIVID__INVERTED_NEAR);
    for (uint32_t j = 0; j < run->count; j += LANES) {
        CIVID_PREFETCH(run->codes + j + AHEAD);
        CIVID_PREFETCH(run->details + j + AHEAD);
        const uint32_t left = run->count - j;
        const __mmask8 mask = (__mmask8)(left >= LANES ? 0xff : (1u << left) - 1);
        const __m512i c = _mm512_maskz_loadu_epi64(mask, run->codes + j);
        const __m512i d = _mm512_maskz_loadu_epi64(mask, run->details + j);
        const __m512i bits = bits_of(_mm512_xor_si512(a, c), _mm512_xor_si512(b, d));
        uint32_t hits = _mm512_mask_cmplt_epu64_mask(mask, bits, near);
        if (hits == 0) continue;
        uint64_t each[LANES];
        _mm512_storeu_si512(each, bits);
        for (; hits != 0; hits &= hits - 1) {
            const uint32_t lane = _tzcnt_u32(hits);
            civid__near(tally, run, j + lane, (uint32_t)each[lane]);
        }
    }
}

CIVID_TARGET_END
#endif
