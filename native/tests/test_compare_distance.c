/* The popcount kernels against counting bit by bit, for every instruction set there is here. */
#include <string.h>

#include "compare/kernels/distance.h"
#include "kernels.h"
#include "test.h"

typedef struct {
    civid__prepared_t *a, *b;
} sides;

/* Templates of random codes; only the codes matter here. */
static civid__prepared_t *codes(uint64_t seed, int32_t count, int32_t same) {
    civid__prepared_t *p = civid__memory(civid__prepared_bytes(count));
    memset(p, 0, civid__prepared_bytes(count));
    p->count = (uint16_t)count;
    uint64_t state = seed, *word = (uint64_t *)civid__codes(p);
    for (int32_t i = 0; i < civid__blocks(count) * 32; i++) word[i] = civid__random(&state);
    for (int32_t i = 0; i < civid__blocks(count) * 32 && same; i++) word[i] = same > 0 ? 0 : ~(uint64_t)0;
    return p;
}

static uint64_t word_of(const civid__prepared_t *p, int32_t i, int32_t w) {
    return civid__codes(p)[i / 8 * 32 + w * 8 + i % 8];
}

static int32_t bits(const civid__prepared_t *a, int32_t i, const civid__prepared_t *b, int32_t j) {
    int32_t count = 0;
    for (int32_t w = 0; w < CIVID__CODE_WORDS; w++)
        for (uint64_t v = word_of(a, i, w) ^ word_of(b, j, w); v; v &= v - 1) count++;
    return count > 254 ? 254 : count;
}

static void check(civid__distance_fn *distance, sides s) {
    const int32_t n = s.a->count, m = s.b->count, stride = 8 * civid__blocks(m);
    uint8_t *out = civid__memory((uint64_t)n * (uint64_t)stride);
    uint8_t *row = civid__memory(256), *column = civid__memory(256);
    distance(s.a, s.b, out, row, column);
    for (int32_t i = 0; i < n; i++) {
        int32_t least = 255;
        for (int32_t j = 0; j < m; j++) {
            const int32_t wanted = bits(s.a, i, s.b, j);
            CHECK_INT(out[i * stride + j], wanted);
            if (wanted < least) least = wanted;
        }
        for (int32_t j = m; j < stride; j++) CHECK_INT(out[i * stride + j], 255);
        CHECK_INT(row[i], least);
    }
    for (int32_t j = 0; j < m; j++) {
        int32_t least = 255;
        for (int32_t i = 0; i < n; i++)
            if (out[i * stride + j] < least) least = out[i * stride + j];
        CHECK_INT(column[j], least);
    }
    free(out), free(row), free(column);
}

static void every_twin_counts_bits(void) {
    static const int32_t counts[] = {1, 2, 7, 8, 9, 16, 31, 40, 64, 255};
    enum { COUNTS = sizeof counts / sizeof *counts };
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (!civid_cpu_available(isa)) continue;
        CHECK_INT(civid_cpu_force(isa), CIVID_OK);
        for (int32_t i = 0; i < COUNTS; i++) {
            const sides s = {codes(1, counts[i], 0), codes(2, counts[COUNTS - 1 - i], 0)};
            check(civid__kernels()->distance, s);
            free(s.a), free(s.b);
        }
        /* nothing and everything differs: 0, and 256 clipped */
        const sides equal = {codes(1, 9, 1), codes(1, 17, 1)}, opposite = {codes(1, 9, 1), codes(1, 17, -1)};
        check(civid__kernels()->distance, equal);
        check(civid__kernels()->distance, opposite);
        free(equal.a), free(equal.b), free(opposite.a), free(opposite.b);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

static void every_twin_finds_the_best(void) {
    uint64_t state = 3;
    uint8_t row[64], column[64];
    for (int32_t round = 0; round < 200; round++) {
        for (int32_t j = 0; j < 64; j++) { /* few values, so that many are equal; 0 and 255, too */
            row[j] = (uint8_t)(255 - civid__random(&state) % 4 * 85);
            column[j] = (uint8_t)(255 - civid__random(&state) % 4 * 85);
        }
        const uint8_t best = row[round % 64];
        uint64_t wanted = 0;
        for (int32_t j = 0; j < 64; j++)
            wanted |= (uint64_t)(row[j] == best || row[j] == column[j]) << j;
        for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
            if (!civid_cpu_available(isa)) continue;
            CHECK_INT(civid_cpu_force(isa), CIVID_OK);
            CHECK(civid__kernels()->best(row, column, best) == wanted);
        }
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

int main(void) {
    RUN(every_twin_counts_bits);
    RUN(every_twin_finds_the_best);
    return DONE();
}
