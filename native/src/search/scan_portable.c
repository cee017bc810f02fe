/* scan_portable.c - one code at a time. */
#include <string.h>

#include "search/scan.h"
#include "search/scan_table.h"

#include "search/scan_code_body.h"

static inline int32_t bits_of(uint64_t v) {
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (int32_t)(v * 0x0101010101010101u >> 56);
}

static int32_t scan(const civid__codes_t *probe, const civid__codes_t *reference) {
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

static void partners(const civid__codes_t *probe, const civid__codes_t *reference,
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

const civid__scanner_t civid__scanner_portable = {scan, partners, code_of};
