/* scan_avx2.c - four minutiae of the probe at a time; bits are counted by looking nibbles up. */
#include "compiler.h"
#include "search/scan/scan.h"

#if CIVID_X86
#include <immintrin.h>

#include "tables/shared.h"

CIVID_TARGET_AVX2

enum { LANES = 4 };

/* Bits of each byte. */
static inline __m256i bits_of_bytes(__m256i v) {
    const __m256i table =
        _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1,
                         2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    return _mm256_add_epi8(
        _mm256_shuffle_epi8(table, _mm256_and_si256(v, low)),
        _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(v, 4), low)));
}

static inline __m256i mask_of(int32_t count) {
    return _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), _mm256_setr_epi64x(0, 1, 2, 3));
}

static inline __m256i load(const uint64_t *from, __m256i mask) {
    return _mm256_maskload_epi64((const long long *)(const void *)from, mask);
}

/* Two vectors of codes at a time: one broadcast and one load of the loop's constants for both. */
int32_t civid__scan_avx2(const civid__codes_t *probe, const civid__codes_t *reference) {
    const __m256i near = _mm256_set1_epi64x(CIVID__SCAN_NEAR), zero = _mm256_setzero_si256();
    __m256i sum = zero;
    for (int32_t i = 0; i < probe->count; i += 2 * LANES) {
        const __m256i mask0 = mask_of(probe->count - i), mask1 = mask_of(probe->count - i - LANES);
        const __m256i mine0 = load(probe->first + i, mask0);
        const __m256i mine1 =
            probe->count > i + LANES ? load(probe->first + i + LANES, mask1) : zero;
        __m256i least0 = near, least1 = near;
        for (int32_t j = 0; j < reference->count; j++) {
            const __m256i one = _mm256_set1_epi64x((long long)reference->first[j]);
            const __m256i b0 = bits_of_bytes(_mm256_xor_si256(mine0, one));
            const __m256i b1 = bits_of_bytes(_mm256_xor_si256(mine1, one));
            least0 = _mm256_min_epu8(least0, _mm256_sad_epu8(b0, zero));
            least1 = _mm256_min_epu8(least1, _mm256_sad_epu8(b1, zero));
        }
        sum = _mm256_add_epi64(sum, _mm256_and_si256(_mm256_sub_epi64(near, least0), mask0));
        sum = _mm256_add_epi64(sum, _mm256_and_si256(_mm256_sub_epi64(near, least1), mask1));
    }
    int64_t lane[LANES];
    _mm256_storeu_si256((__m256i *)(void *)lane, sum);
    return (int32_t)(lane[0] + lane[1] + lane[2] + lane[3]);
}

void civid__partners_avx2(const civid__codes_t *probe, const civid__codes_t *reference,
                          uint16_t *partner) {
    const __m256i zero = _mm256_setzero_si256();
    for (int32_t i = 0; i < probe->count; i += LANES) {
        const int32_t here = probe->count - i < LANES ? probe->count - i : LANES;
        const __m256i mask = mask_of(here);
        const __m256i first = load(probe->first + i, mask), second = load(probe->second + i, mask);
        __m256i least = _mm256_set1_epi64x(CIVID__PARTNER_NONE);
        for (int32_t j = 0; j < reference->count; j++) {
            const __m256i a = _mm256_set1_epi64x((long long)reference->first[j]);
            const __m256i b = _mm256_set1_epi64x((long long)reference->second[j]);
            const __m256i bytes = _mm256_add_epi8(bits_of_bytes(_mm256_xor_si256(first, a)),
                                                  bits_of_bytes(_mm256_xor_si256(second, b)));
            const __m256i bits = _mm256_sad_epu8(bytes, zero);
            const __m256i key = _mm256_or_si256(_mm256_slli_epi64(bits, 8), _mm256_set1_epi64x(j));
            least = _mm256_min_epu16(least, key);
        }
        uint64_t lane[LANES];
        _mm256_storeu_si256((__m256i *)(void *)lane, least);
        for (int32_t k = 0; k < here; k++) partner[i + k] = (uint16_t)lane[k];
    }
}

/* 32 bits from the signs of 32 sums. */
static inline uint64_t positive(__m256i first, __m256i second) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i bytes = _mm256_packs_epi16(_mm256_cmpgt_epi16(first, zero),
                                             _mm256_cmpgt_epi16(second, zero));
    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(bytes, 0xd8));
}

static inline __m256i words(const uint16_t *at) {
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

/* As in scan_portable.c. */
void civid__scan_code_avx2(const int32_t *full, int32_t count, uint64_t code[2]) {
    static const uint16_t nothing[CIVID__SCAN_WORDS] = {0};
    __m256i all[4], high[4];
    for (int32_t v = 0; v < 4; v++) all[v] = high[v] = _mm256_setzero_si256();
    const uint16_t *p = civid__scan_projection[CIVID__CELLS];
    const uint16_t *q = count % 2 ? civid__scan_projection[full[0]] : nothing;
    for (int32_t n = count % 2;; n += 2) {
        for (int32_t v = 0; v < 4; v++) {
            const __m256i two = _mm256_add_epi16(words(p + 16 * v), words(q + 16 * v));
            all[v] = _mm256_add_epi16(all[v], two);
            high[v] = _mm256_add_epi16(high[v], _mm256_srli_epi16(two, 8));
        }
        if (n >= count) break;
        p = civid__scan_projection[full[n]], q = civid__scan_projection[full[n + 1]];
    }
    const __m256i extra = _mm256_set1_epi16((short)(CIVID__SCAN_EXTRA * (count + 1)));
    for (int32_t v = 0; v < 4; v++) {
        all[v] = _mm256_sub_epi16(all[v], _mm256_add_epi16(extra, _mm256_slli_epi16(high[v], 8)));
        high[v] = _mm256_sub_epi16(high[v], extra);
    }
    code[0] = positive(all[0], all[1]) | positive(all[2], all[3]) << 32;
    code[1] = positive(high[0], high[1]) | positive(high[2], high[3]) << 32;
}

CIVID_TARGET_END
#endif
