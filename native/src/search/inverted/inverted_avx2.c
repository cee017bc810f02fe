/* inverted_avx2.c - as inverted_portable.c, with POPCNT. */
#include "compiler.h"
#include "search/inverted/inverted.h"

#if CIVID_X86
#include <immintrin.h>

#include "tables/shared.h"

CIVID_TARGET_AVX2

static inline uint32_t bits_of(uint64_t a, uint64_t b) {
    return (uint32_t)(_mm_popcnt_u64(a) + _mm_popcnt_u64(b));
}

void civid__centres_avx2(uint64_t code, uint64_t detail, uint8_t distance[CIVID__INVERTED]) {
    code &= CIVID__INVERTED_CODE;
    for (int32_t k = 0; k < CIVID__INVERTED; k++)
        distance[k] =
            (uint8_t)bits_of(code ^ civid__inverted_centre[0][k], detail ^ civid__inverted_centre[1][k]);
}

void civid__run_avx2(uint64_t code, uint64_t detail, const civid__run_t *run,
                     const civid__tally_t *tally) {
    for (uint32_t j = 0; j < run->count; j++) {
        const uint32_t bits = bits_of(code ^ run->codes[j], detail ^ run->details[j]);
        if (bits < CIVID__INVERTED_NEAR)
            civid__tally(tally, run->subject[j], CIVID__INVERTED_NEAR - bits);
    }
}

CIVID_TARGET_END
#endif
