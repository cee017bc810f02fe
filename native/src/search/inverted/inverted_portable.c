/* inverted_portable.c - one minutia at a time. */
#include "search/inverted/inverted.h"
#include "tables/shared.h"

static inline uint32_t bits_of(uint64_t v) {
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (uint32_t)(v * 0x0101010101010101u >> 56);
}

void civid__centres_portable(uint64_t code, uint64_t detail, uint8_t distance[CIVID__INVERTED]) {
    code &= CIVID__INVERTED_CODE;
    for (int32_t k = 0; k < CIVID__INVERTED; k++)
        distance[k] = (uint8_t)(bits_of(code ^ civid__inverted_centre[0][k]) +
                                bits_of(detail ^ civid__inverted_centre[1][k]));
}

uint32_t civid__run_portable(uint64_t code, uint64_t detail, const civid__run_t *run,
                             uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    const uint64_t *const codes = run->codes, *const details = run->details;
    const uint32_t count = run->count;
    uint32_t found = 0;
    for (uint32_t j = 0; j < count; j++) {
        const uint32_t bits = bits_of(code ^ codes[j]) + bits_of(detail ^ details[j]);
        near[found] = j << 8 | bits;
        found += bits < CIVID__INVERTED_NEAR;
    }
    return found;
}

uint32_t civid__owners_portable(uint64_t code, uint64_t detail, const civid__owned_t *of,
                                uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    uint32_t found = 0;
    for (uint32_t j = 0; j < of->count; j++) {
        const uint32_t bits = bits_of(code ^ of->codes[j]) + bits_of(detail ^ of->details[j]);
        near[found] = (uint32_t)of->subject[j] << 16 | (uint32_t)of->minutia[j] << 8 | bits;
        found += bits < CIVID__INVERTED_NEAR;
    }
    return found;
}
