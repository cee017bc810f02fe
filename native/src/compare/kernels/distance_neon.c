/* distance_neon.c - popcount of bytes with CNT, two codes at a time. */
#include "compare/kernels/distance.h"
#include "compiler.h"

#if CIVID_ARM64
#include <arm_neon.h>
#include <string.h>

void civid__distance_neon(const civid__prepared_t *a, const civid__prepared_t *b,
                          uint8_t *distance, uint8_t *row_best, uint8_t *column_best) {
    const uint64_t *ca = civid__codes(a), *cb = civid__codes(b);
    const int32_t blocks = civid__blocks(b->count), stride = blocks * CIVID__BLOCK;
    memset(column_best, 255, (size_t)stride);
    for (int32_t i = 0; i < a->count; i++) {
        const uint64_t *mine =
            ca + i / CIVID__BLOCK * CIVID__BLOCK * CIVID__CODE_WORDS + i % CIVID__BLOCK;
        uint8_t *row = distance + (size_t)i * stride, best = 255;
        for (int32_t k = 0; k < blocks; k++) {
            const uint64_t *block = cb + (size_t)k * CIVID__BLOCK * CIVID__CODE_WORDS;
            for (int32_t j = 0; j < CIVID__BLOCK; j += 2) {
                uint8x16_t sum = vdupq_n_u8(0); /* bytes, at most 32 each */
                for (int32_t w = 0; w < CIVID__CODE_WORDS; w++) {
                    const uint64x2_t differ = veorq_u64(vdupq_n_u64(mine[w * CIVID__BLOCK]),
                                                        vld1q_u64(block + w * CIVID__BLOCK + j));
                    sum = vaddq_u8(sum, vcntq_u8(vreinterpretq_u8_u64(differ)));
                }
                const uint16_t first = vaddlv_u8(vget_low_u8(sum));
                const uint16_t second = vaddlv_u8(vget_high_u8(sum));
                row[k * CIVID__BLOCK + j] = (uint8_t)(first > 254 ? 254 : first);
                row[k * CIVID__BLOCK + j + 1] = (uint8_t)(second > 254 ? 254 : second);
            }
        }
        for (int32_t j = b->count; j < stride; j++) row[j] = 255;
        for (int32_t j = 0; j < stride; j++) {
            if (row[j] < best) best = row[j];
            if (row[j] < column_best[j]) column_best[j] = row[j];
        }
        row_best[i] = best;
    }
}
#endif
