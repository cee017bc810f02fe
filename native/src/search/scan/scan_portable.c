/* scan_portable.c - one code at a time. */
#include <string.h>

#include "compiler.h"
#include "search/scan/scan.h"
#include "tables/shared.h"

enum { SUMS = 128 };

/* Four rows at once, so that the sums go through memory a quarter as often. */
static void add_four(const int16_t *CIVID_RESTRICT p, const int16_t *CIVID_RESTRICT q,
                     const int16_t *CIVID_RESTRICT r, const int16_t *CIVID_RESTRICT s,
                     int16_t *CIVID_RESTRICT sum) {
    for (int32_t b = 0; b < SUMS; b++) sum[b] = (int16_t)(sum[b] + p[b] + q[b] + r[b] + s[b]);
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
    static const int16_t nothing[SUMS] = {0};
    const int16_t *row[4] = {civid__scan_projection[CIVID__CELLS], nothing, nothing, nothing};
    int16_t sum[SUMS] = {0};
    int32_t k = 1;
    for (int32_t n = 0; n < count; n++) {
        if (k == 4) add_four(row[0], row[1], row[2], row[3], sum), k = 0;
        row[k++] = civid__scan_projection[full[n]];
    }
    while (k < 4) row[k++] = nothing;
    add_four(row[0], row[1], row[2], row[3], sum);
    uint8_t flags[SUMS];
    for (int32_t b = 0; b < SUMS; b++) flags[b] = sum[b] > 0;
    code[0] = bits_of_flags(flags);
    code[1] = bits_of_flags(flags + 64);
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
