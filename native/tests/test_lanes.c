/* Relaxation, bending and hulls: every twin gives the bits of the portable one, and that what it should. */
#include <math.h>
#include <string.h>

#include "compare/comparator.h"
#include "kernels.h"
#include "test.h"

static float within(uint64_t *state, float low, float high) {
    return low + (high - low) * (float)(civid__random(state) % 65536) / 65536;
}

/* A comparison under way: n and m minutiae, so many candidates and pairs, all at random. */
static civid__scratch_t *under_way(uint64_t seed, int32_t candidates, int32_t pairs) {
    civid__scratch_t *t = civid__memory(sizeof *t);
    memset(t, 0, sizeof *t);
    t->with = &civid__comparator_standard;
    for (int32_t i = 0; i < CIVID__SIDE; i++) {
        t->a.x[i] = within(&seed, 0, 400), t->a.y[i] = within(&seed, 0, 500);
        t->b.x[i] = within(&seed, 0, 400), t->b.y[i] = within(&seed, 0, 500);
        t->px[i] = t->a.x[i] + within(&seed, -9, 9), t->py[i] = t->a.y[i] + within(&seed, -9, 9);
    }
    t->candidates = candidates;
    t->padded = (candidates + CIVID__LANES - 1) / CIVID__LANES * CIVID__LANES;
    for (int32_t p = 0; p < candidates; p++) {
        t->weight[p] = within(&seed, 0, 1);
        for (int32_t q = 0; q < t->padded; q++)
            t->compatible[p * CIVID__MAX_CANDIDATES + q] = within(&seed, 0, 1);
    }
    t->features.pairs = pairs;
    for (int32_t k = 0; k < pairs; k++) t->pair_a[k] = (uint8_t)(3 * k), t->pair_b[k] = (uint8_t)(2 * k);
    return t;
}

static void every_twin_gives_the_same_bits(void) {
    static const int32_t counts[] = {1, 2, 7, 16, 17, 40, 80, 255};
    static const int16_t hull[CIVID__SUPPORTS] = {90, 80, 95, 100, 70, 60, 90, 85, 99, 70, 60, 50, 88, 93, 91, 90};
    const civid__movement_t m = {0.8f, -0.6f, 12.0f, -30.0f};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        const int32_t n = counts[k], candidates = n < 48 ? n : 48, pairs = n / 3;
        CIVID_ALIGNED(64) float out[2][CIVID__SIDE];
        CHECK_INT(civid_cpu_force(CIVID_ISA_PORTABLE), CIVID_OK);
        civid__scratch_t *one = under_way(k, candidates, pairs);
        civid__kernels()->relax(one);
        civid__kernels()->bend(one, n);
        civid__kernels()->outside(&one->a, n, m, hull, out[0]);
        for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
            if (!civid_cpu_available(isa)) continue;
            CHECK_INT(civid_cpu_force(isa), CIVID_OK);
            civid__scratch_t *other = under_way(k, candidates, pairs);
            civid__kernels()->relax(other);
            civid__kernels()->bend(other, n);
            civid__kernels()->outside(&other->a, n, m, hull, out[1]);
            CHECK(!memcmp(one->weight, other->weight, sizeof one->weight));
            CHECK(!memcmp(one->px, other->px, (size_t)n * sizeof(float)));
            CHECK(!memcmp(one->py, other->py, (size_t)n * sizeof(float)));
            CHECK(!memcmp(out[0], out[1], (size_t)n * sizeof(float)));
            free(other);
        }
        free(one);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

static void company_strengthens(void) {
    civid__scratch_t *t = under_way(1, 10, 0);
    for (int32_t p = 0; p < 10; p++) {
        t->weight[p] = 0.5f;
        for (int32_t q = 0; q < 16; q++)
            t->compatible[p * CIVID__MAX_CANDIDATES + q] = p != q && p < 5 && q < 5 ? 1.0f : 0.0f;
    }
    civid__kernels()->relax(t);
    for (int32_t p = 1; p < 5; p++) CHECK(t->weight[p] == t->weight[0]);
    for (int32_t p = 5; p < 10; p++) CHECK(t->weight[p] == 0.5f / 32); /* halved five times, alone */
    for (int32_t p = 10; p < 16; p++) CHECK(t->weight[p] == 0.0f);
    CHECK(t->weight[0] > t->weight[9]);
    free(t);
}

/* One pair, 6 px off: its own minutia stays, one beside it follows by five sixths. */
static void no_pair_bears_witness_for_itself(void) {
    civid__scratch_t *t = under_way(2, 1, 0);
    for (int32_t i = 0; i < 20; i++)
        t->a.x[i] = t->px[i] = 20.0f * (float)i, t->a.y[i] = t->py[i] = 0.0f;
    t->features.pairs = 1, t->pair_a[0] = 0, t->pair_b[0] = 0;
    t->b.x[0] = 0.0f, t->b.y[0] = 6.0f;
    civid__kernels()->bend(t, 20);
    CHECK(t->px[0] == 0.0f && t->py[0] == 0.0f);
    CHECK(t->py[1] > 4.9f && t->py[1] < 5.2f);
    for (int32_t i = 2; i < 20; i++) CHECK(t->py[i] > 0.0f && t->py[i] < t->py[i - 1]);
    free(t);
}

static void distances_to_a_hull_are_those_of_its_sides(void) {
    static const int16_t square[CIVID__SUPPORTS] = {50, 999, 999, 999, 50, 999, 999, 999,
                                                    50, 999, 999, 999, 50, 999, 999, 999};
    static const float x[4] = {0, 60, 0, -70}, y[4] = {0, 10, -45, 80}, wanted[4] = {-50, 10, -5, 30};
    const civid__movement_t still = {1.0f, 0.0f, 0.0f, 0.0f};
    civid__scratch_t *t = under_way(3, 1, 0);
    CIVID_ALIGNED(64) float out[CIVID__SIDE];
    memcpy(t->a.x, x, sizeof x), memcpy(t->a.y, y, sizeof y);
    civid__kernels()->outside(&t->a, 4, still, square, out);
    for (int32_t i = 0; i < 4; i++) CHECK(fabsf(out[i] - wanted[i]) < 1e-3f);
    free(t);
}

int main(void) {
    RUN(every_twin_gives_the_same_bits);
    RUN(company_strengthens);
    RUN(no_pair_bears_witness_for_itself);
    RUN(distances_to_a_hull_are_those_of_its_sides);
    return DONE();
}
