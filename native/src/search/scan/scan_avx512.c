/* scan_avx512.c - eight minutiae of the probe at a time with VPOPCNTQ. They stay in registers, and
 * so do their least distances, while the codes of the reference stream by. */
#include "compiler.h"
#include "search/scan/scan.h"

#if CIVID_X86
#include <immintrin.h>

#include "tables/shared.h"

CIVID_TARGET_AVX512

enum { LANES = 8, BLOCKS = 6 }; /* 6: codes and minima leave registers for the rest */

static inline __mmask8 lanes_of(int32_t count) {
    return (__mmask8)(count >= LANES ? 0xff : (1 << count) - 1);
}

/* The same for a number of blocks that the compiler knows, so that nothing is spilled. */
#define SCAN_BLOCKS(N)                                                                             \
    static int64_t scan_##N(const uint64_t *mine, int32_t count, const uint64_t *theirs,           \
                            int32_t m) {                                                           \
        __m512i code[N], least[N];                                                                 \
        for (int32_t k = 0; k < N; k++) {                                                          \
            code[k] = _mm512_maskz_loadu_epi64(lanes_of(count - LANES * k), mine + LANES * k);     \
            least[k] = _mm512_set1_epi64(CIVID__SCAN_NEAR);                                        \
        }                                                                                          \
        for (int32_t j = 0; j < m; j++) {                                                          \
            const __m512i one = _mm512_set1_epi64((long long)theirs[j]);                           \
            for (int32_t k = 0; k < N; k++)                                                        \
                least[k] = _mm512_min_epu8(                                                        \
                    least[k], _mm512_popcnt_epi64(_mm512_xor_si512(code[k], one)));                \
        }                                                                                          \
        const __m512i near = _mm512_set1_epi64(CIVID__SCAN_NEAR);                                  \
        __m512i sum = _mm512_setzero_si512();                                                      \
        for (int32_t k = 0; k < N; k++)                                                            \
            sum = _mm512_mask_add_epi64(sum, lanes_of(count - LANES * k), sum,                     \
                                        _mm512_sub_epi64(near, least[k]));                         \
        return _mm512_reduce_add_epi64(sum);                                                       \
    }
SCAN_BLOCKS(1)
SCAN_BLOCKS(2)
SCAN_BLOCKS(3)
SCAN_BLOCKS(4)
SCAN_BLOCKS(5)
SCAN_BLOCKS(6)

int32_t civid__scan_avx512(const civid__codes_t *probe, const civid__codes_t *reference) {
    int64_t sum = 0;
    for (int32_t i = 0; i < probe->count; i += LANES * BLOCKS) {
        const int32_t left = probe->count - i;
        const int32_t here = left < LANES * BLOCKS ? left : LANES * BLOCKS;
        const uint64_t *mine = probe->first + i, *theirs = reference->first;
        switch ((here + LANES - 1) / LANES) {
        case 1: sum += scan_1(mine, here, theirs, reference->count); break;
        case 2: sum += scan_2(mine, here, theirs, reference->count); break;
        case 3: sum += scan_3(mine, here, theirs, reference->count); break;
        case 4: sum += scan_4(mine, here, theirs, reference->count); break;
        case 5: sum += scan_5(mine, here, theirs, reference->count); break;
        default: sum += scan_6(mine, here, theirs, reference->count); break;
        }
    }
    return (int32_t)sum;
}

void civid__partners_avx512(const civid__codes_t *probe, const civid__codes_t *reference,
                            uint16_t *partner) {
    for (int32_t i = 0; i < probe->count; i += LANES) {
        const __mmask8 mask = lanes_of(probe->count - i);
        const __m512i first = _mm512_maskz_loadu_epi64(mask, probe->first + i);
        const __m512i second = _mm512_maskz_loadu_epi64(mask, probe->second + i);
        __m512i least = _mm512_set1_epi64(CIVID__PARTNER_NONE);
        for (int32_t j = 0; j < reference->count; j++) {
            const __m512i a = _mm512_set1_epi64((long long)reference->first[j]);
            const __m512i b = _mm512_set1_epi64((long long)reference->second[j]);
            const __m512i bits =
                _mm512_add_epi64(_mm512_popcnt_epi64(_mm512_xor_si512(first, a)),
                                 _mm512_popcnt_epi64(_mm512_xor_si512(second, b)));
            const __m512i key = _mm512_or_si512(_mm512_slli_epi64(bits, 8), _mm512_set1_epi64(j));
            least = _mm512_min_epu16(least, key);
        }
        _mm_mask_storeu_epi16(partner + i, mask, _mm512_cvtepi64_epi16(least));
    }
}

/* As in scan_portable.c. */
void civid__scan_code_avx512(const int32_t *full, int32_t count, uint64_t code[2]) {
    static const uint16_t nothing[CIVID__SCAN_WORDS] = {0};
    __m512i all[2], high[2];
    for (int32_t v = 0; v < 2; v++) all[v] = high[v] = _mm512_setzero_si512();
    const uint16_t *p = civid__scan_projection[CIVID__CELLS];
    const uint16_t *q = count % 2 ? civid__scan_projection[full[0]] : nothing;
    for (int32_t n = count % 2;; n += 2) {
        for (int32_t v = 0; v < 2; v++) {
            const __m512i two =
                _mm512_add_epi16(_mm512_loadu_si512(p + 32 * v), _mm512_loadu_si512(q + 32 * v));
            all[v] = _mm512_add_epi16(all[v], two);
            high[v] = _mm512_add_epi16(high[v], _mm512_srli_epi16(two, 8));
        }
        if (n >= count) break;
        p = civid__scan_projection[full[n]], q = civid__scan_projection[full[n + 1]];
    }
    const __m512i extra = _mm512_set1_epi16((short)(CIVID__SCAN_EXTRA * (count + 1)));
    uint64_t low_bits[2], high_bits[2];
    for (int32_t v = 0; v < 2; v++) {
        const __m512i low = _mm512_sub_epi16(all[v], _mm512_slli_epi16(high[v], 8));
        low_bits[v] = _mm512_cmpgt_epu16_mask(low, extra);
        high_bits[v] = _mm512_cmpgt_epu16_mask(high[v], extra);
    }
    code[0] = low_bits[0] | low_bits[1] << 32;
    code[1] = high_bits[0] | high_bits[1] << 32;
}

CIVID_TARGET_END
#endif
