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

/* Bits of difference of a minutia of a list, whose direction is the list's. */
static inline uint32_t apart(uint64_t code, uint64_t detail, const civid__listed_t *other,
                             uint32_t turn) {
    return bits_of((code ^ other->code) & CIVID__INVERTED_CODE) + bits_of(detail ^ other->detail) +
           turn;
}

uint32_t civid__run_portable(uint64_t code, uint64_t detail, const civid__run_t *run,
                             uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    uint32_t found = 0;
    for (uint32_t j = 0; j < run->count; j++) {
        const uint32_t bits = apart(code, detail, &run->listed[j], 0);
        near[found] = j << 8 | bits;
        found += bits < CIVID__INVERTED_NEAR;
    }
    return found;
}

uint32_t civid__owners_portable(uint64_t code, uint64_t detail, const civid__owned_t *of,
                                uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]) {
    uint32_t found = 0;
    for (uint32_t j = 0; j < of->count; j++) {
        const uint32_t bits = apart(code, detail, &of->listed[j], of->turn);
        near[found] = civid__whose(of->listed, of->subject, j) << 16 | bits;
        found += bits < CIVID__INVERTED_NEAR;
    }
    return found;
}
