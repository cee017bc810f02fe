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

void civid__run_portable(uint64_t code, uint64_t detail, const civid__run_t *run,
                         const civid__tally_t *tally) {
    for (uint32_t j = 0; j < run->count; j++) {
        const uint32_t bits = bits_of(code ^ run->codes[j]) + bits_of(detail ^ run->details[j]);
        if (bits < CIVID__INVERTED_NEAR) civid__near(tally, run, j, bits);
    }
}
