/* distance_portable.c - popcount by adding bits in parallel; no instruction beyond the baseline. */
#include <string.h>

#include "compare/kernels/distance.h"

static inline uint64_t pairs_of_bits(uint64_t v) { return v - (v >> 1 & 0x5555555555555555u); }
static inline uint64_t nibbles(uint64_t v) {
    return (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
}

void civid__distance_portable(const civid__prepared_t *a, const civid__prepared_t *b,
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
            for (int32_t j = 0; j < CIVID__BLOCK; j++) {
                uint64_t sum = 0; /* bytes, at most 32 each */
                for (int32_t w = 0; w < CIVID__CODE_WORDS; w++) {
                    const uint64_t differ = mine[w * CIVID__BLOCK] ^ block[w * CIVID__BLOCK + j];
                    const uint64_t n = nibbles(pairs_of_bits(differ));
                    sum += (n + (n >> 4)) & 0x0f0f0f0f0f0f0f0fu;
                }
                /* at most 256 = 0x100 in all: the top byte alone would wrap */
                const uint64_t wide = (sum & 0x00ff00ff00ff00ffu) + (sum >> 8 & 0x00ff00ff00ff00ffu);
                const uint32_t bits = (uint32_t)(wide * 0x0001000100010001u >> 48);
                row[k * CIVID__BLOCK + j] = (uint8_t)(bits > 254 ? 254 : bits);
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

uint64_t civid__best_portable(const uint8_t *row, const uint8_t *column_best, uint8_t row_best) {
    const uint64_t low = 0x7f7f7f7f7f7f7f7fu, own = row_best * 0x0101010101010101u;
    uint64_t found = 0;
    for (int32_t k = 0; k < 8; k++) {
        uint64_t values, columns;
        memcpy(&values, row + 8 * k, 8);
        memcpy(&columns, column_best + 8 * k, 8);
        /* 0x80 in every byte that differs from both */
        const uint64_t a = values ^ columns, b = values ^ own;
        const uint64_t differ = (((a & low) + low) | a) & (((b & low) + low) | b) & ~low;
        const uint64_t same = (~differ & ~low) >> 7; /* 1 in every other; gathered into one byte, */
        found |= (same * 0x0102040810204080u >> 56) << 8 * k; /* whose lowest bit is the first */
    }
    return found;
}
