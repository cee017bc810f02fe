/* scan_portable.c - one code at a time. */
#include <string.h>

#include "compiler.h"
#include "search/scan/scan.h"
#include "tables/shared.h"

/* A word of the table holds two weights, each as a byte without sign. The sum of two rows still
 * has two bytes a word; of all such sums, the words and their high bytes are summed, and what the
 * words have more than 256 times the high bytes is the sum of the low ones. 16 bits hold each. */
static void add_four(const uint16_t *CIVID_RESTRICT p, const uint16_t *CIVID_RESTRICT q,
                     const uint16_t *CIVID_RESTRICT r, const uint16_t *CIVID_RESTRICT s,
                     uint16_t *CIVID_RESTRICT all, uint16_t *CIVID_RESTRICT high) {
    for (int32_t b = 0; b < CIVID__SCAN_WORDS; b++) {
        const uint16_t one = (uint16_t)(p[b] + q[b]), two = (uint16_t)(r[b] + s[b]);
        all[b] = (uint16_t)(all[b] + one + two);
        high[b] = (uint16_t)(high[b] + (one >> 8) + (two >> 8));
    }
}

/* 64 bits of as many bytes that are 0 or 1. */
static uint64_t bits_of_flags(const uint8_t *flags) {
    uint64_t bits = 0;
    for (int32_t k = 0; k < 64; k += 8) {
        uint64_t eight;
        memcpy(&eight, flags + k, sizeof eight);
        bits |= (eight * 0x0102040810204080u >> 56) << k; /* bit 8 j to bit 56 + j */
    }
    return bits;
}

void civid__scan_code_portable(const int32_t *full, int32_t count, uint64_t code[2]) {
    static const uint16_t nothing[CIVID__SCAN_WORDS] = {0};
    const uint16_t *row[4] = {civid__scan_projection[CIVID__CELLS], nothing, nothing, nothing};
    uint16_t all[CIVID__SCAN_WORDS] = {0}, high[CIVID__SCAN_WORDS] = {0};
    int32_t k = 1;
    for (int32_t n = 0; n < count; n++) {
        if (k == 4) add_four(row[0], row[1], row[2], row[3], all, high), k = 0;
        row[k++] = civid__scan_projection[full[n]];
    }
    while (k < 4) row[k++] = nothing;
    add_four(row[0], row[1], row[2], row[3], all, high);
    uint8_t flags[2][CIVID__SCAN_WORDS];
    const uint16_t extra = (uint16_t)(CIVID__SCAN_EXTRA * (count + 1));
    for (int32_t b = 0; b < CIVID__SCAN_WORDS; b++) {
        flags[0][b] = (uint16_t)(all[b] - (uint16_t)(high[b] << 8)) > extra;
        flags[1][b] = high[b] > extra;
    }
    code[0] = bits_of_flags(flags[0]);
    code[1] = bits_of_flags(flags[1]);
}

static inline int32_t bits_of(uint64_t v) {
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (int32_t)(v * 0x0101010101010101u >> 56);
}

int32_t civid__scan_portable(const civid__codes_t *probe, const civid__codes_t *reference) {
    int32_t sum = 0;
    for (int32_t i = 0; i < probe->count; i++) {
        int32_t least = CIVID__SCAN_NEAR;
        for (int32_t j = 0; j < reference->count; j++) {
            const int32_t bits = bits_of(probe->first[i] ^ reference->first[j]);
            if (bits < least) least = bits;
        }
        sum += CIVID__SCAN_NEAR - least;
    }
    return sum;
}

void civid__partners_portable(const civid__codes_t *probe, const civid__codes_t *reference,
                              uint16_t *partner) {
    for (int32_t i = 0; i < probe->count; i++) {
        int32_t least = CIVID__PARTNER_NONE;
        for (int32_t j = 0; j < reference->count; j++) {
            const int32_t bits = bits_of(probe->first[i] ^ reference->first[j]) +
                                 bits_of(probe->second[i] ^ reference->second[j]);
            const int32_t key = bits << 8 | j;
            if (key < least) least = key;
        }
        partner[i] = (uint16_t)least;
    }
}
