/* Comparison: arguments, prepared templates that lie, symmetry, and the same bits everywhere. */
#include <math.h>
#include <string.h>

#include "compare/template/prepared.h"
#include "test.h"

typedef struct {
    void *data;
    uint64_t size;
} prepared;

/* Points of a seeded generator, moved and turned; `noise` px of jitter. */
static prepared made_by(int32_t extractor, uint64_t seed, int32_t count, double turn, double dx,
                        double noise) {
    static civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    uint64_t state = seed, jitter = seed ^ 0x55;
    memset(minutiae, 0, sizeof minutiae);
    for (int32_t i = 0; i < count; i++) {
        const double x = civid__below(&state, 300) - 150, y = civid__below(&state, 360) - 180;
        const double angle = civid__below(&state, 256) * (6.283185307179586 / 256);
        minutiae[i].x = (float)(200 + dx + cos(turn) * x + sin(turn) * y +
                                noise * (civid__below(&jitter, 200) - 100) / 100);
        minutiae[i].y = (float)(250 - sin(turn) * x + cos(turn) * y);
        minutiae[i].angle = (float)fmod(angle + turn + 6.283185307179586, 6.283185307179586);
        minutiae[i].kind = (uint8_t)(civid__below(&state, 2) + 1);
        minutiae[i].quality = (uint8_t)(civid__below(&state, 100) + 1);
    }
    prepared p;
    CHECK_INT(civid_prepared_size(count, &p.size), CIVID_OK);
    p.data = civid__memory(p.size);
    CHECK_INT(civid_prepare(minutiae, count, extractor, p.data, p.size), CIVID_OK);
    CHECK_INT(civid_prepared_check(p.data, p.size), CIVID_OK);
    return p;
}

static prepared make(uint64_t seed, int32_t count, double turn, double dx, double noise) {
    return made_by(0, seed, count, turn, dx, noise);
}

static civid_comparison_t compare(prepared a, prepared b) {
    uint64_t size;
    CHECK_INT(civid_compare_scratch_size(&size), CIVID_OK);
    void *scratch = civid__memory(size);
    memset(scratch, 0xa5, size); /* its contents must not matter */
    civid_comparison_t out = {0};
    CHECK_INT(civid_compare(a.data, a.size, b.data, b.size, NULL, scratch, size, &out, NULL, 0),
              CIVID_OK);
    free(scratch);
    return out;
}

static void sizes(void) {
    uint64_t size = 0, before = 0;
    for (int32_t count = 0; count <= CIVID_MAX_MINUTIAE; count++) {
        CHECK_INT(civid_prepared_size(count, &size), CIVID_OK);
        CHECK(size >= 64 && size % 64 == 0 && size >= before);
        before = size;
    }
    CHECK_INT(civid_prepared_size(-1, &size), CIVID_E_COUNT);
    CHECK_INT(civid_prepared_size(CIVID_MAX_MINUTIAE + 1, &size), CIVID_E_COUNT);
    CHECK_INT(civid_prepared_size(INT32_MIN, &size), CIVID_E_COUNT);
    CHECK_INT(civid_prepared_size(5, NULL), CIVID_E_NULL);
    CHECK_INT(civid_compare_scratch_size(&size), CIVID_OK);
    CHECK(size > 0);
    CHECK_INT(civid_compare_scratch_size(NULL), CIVID_E_NULL);
}

static void minutiae_that_are_none(void) {
    civid_minutia_t m = {10, 10, 1, 1, 50, 0};
    uint64_t size;
    CHECK_INT(civid_prepared_size(1, &size), CIVID_OK);
    void *p = civid__memory(size);
    CHECK_INT(civid_prepare(&m, 1, 0, p, size), CIVID_OK);
    CHECK_INT(civid_prepare(NULL, 1, 0, p, size), CIVID_E_NULL);
    CHECK_INT(civid_prepare(&m, 1, 0, NULL, size), CIVID_E_NULL);
    CHECK_INT(civid_prepare(&m, 1, 0, p, size - 1), CIVID_E_CAPACITY);
    CHECK_INT(civid_prepare(&m, -1, 0, p, size), CIVID_E_COUNT);
    CHECK_INT(civid_prepare(&m, 256, 0, p, size), CIVID_E_COUNT);
    CHECK_INT(civid_prepare(NULL, 0, 0, p, size), CIVID_OK);
    const float absurd[] = {NAN, INFINITY, -INFINITY, 1e30f, -1e30f};
    for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++) {
        civid_minutia_t bad = m;
        bad.x = absurd[i];
        CHECK_INT(civid_prepare(&bad, 1, 0, p, size), CIVID_E_VALUE);
        bad = m, bad.y = absurd[i];
        CHECK_INT(civid_prepare(&bad, 1, 0, p, size), CIVID_E_VALUE);
        bad = m, bad.angle = absurd[i];
        CHECK_INT(civid_prepare(&bad, 1, 0, p, size), CIVID_E_VALUE);
    }
    m.kind = 3;
    CHECK_INT(civid_prepare(&m, 1, 0, p, size), CIVID_E_VALUE);
    m.kind = 1, m.quality = 101;
    CHECK_INT(civid_prepare(&m, 1, 0, p, size), CIVID_E_VALUE);
    free(p);
}

static void a_changed_bit_is_found(void) {
    for (int32_t extractor = 0; extractor < CIVID_EXTRACTOR_COUNT; extractor++) {
        prepared p = made_by(extractor, 3, 20, 0, 0, 0);
        uint8_t *bytes = p.data;
        for (uint64_t i = 0; i < p.size * 8; i++) {
            bytes[i / 8] ^= (uint8_t)(1u << i % 8);
            CHECK_INT(civid_prepared_check(p.data, p.size), CIVID_E_CORRUPT);
            bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        }
        CHECK_INT(civid_prepared_check(p.data, p.size), CIVID_OK);
        for (uint64_t size = 0; size < p.size; size++)
            CHECK_INT(civid_prepared_check(p.data, size), CIVID_E_CORRUPT);
        CHECK_INT(civid_prepared_check(NULL, p.size), CIVID_E_NULL);
        free(p.data);
    }
}

static void scores(void) {
    prepared a = make(1, 40, 0, 0, 0), b = make(1, 40, 0.7, 12, 3), c = make(2, 40, 0, 0, 0);
    prepared none = make(4, 0, 0, 0, 0), one = make(5, 1, 0, 0, 0), full = make(6, 255, 0, 0, 0);
    const prepared all[] = {a, b, c, none, one, full};
    for (size_t i = 0; i < 6; i++)
        for (size_t j = 0; j < 6; j++) {
            const civid_comparison_t forth = compare(all[i], all[j]), back = compare(all[j], all[i]);
            CHECK(forth.score >= 0 && forth.raw >= 0 && forth.pairs >= 0);
            CHECK(memcmp(&forth, &back, sizeof forth) == 0);
        }
    CHECK(compare(a, b).score > 30); /* the same print, moved */
    CHECK(compare(a, a).pairs > 30);
    CHECK(compare(a, b).score > compare(a, c).score + 20);
    CHECK_INT(compare(a, none).pairs, 0);
    CHECK(compare(none, none).score == 0);
    for (size_t i = 0; i < 6; i++) free(all[i].data);
}

static void arguments(void) {
    prepared a = make(1, 30, 0, 0, 0), b = make(1, 30, 0, 5, 0);
    uint64_t size;
    CHECK_INT(civid_compare_scratch_size(&size), CIVID_OK);
    unsigned char *scratch = civid__memory(size + 64);
    civid_comparison_t out;
    civid_pair_t pairs[2] = {{7, 7}, {7, 7}};
#define CALL(a, an, b, bn, s, sn, o) civid_compare(a, an, b, bn, NULL, s, sn, o, NULL, 0)
    CHECK_INT(CALL(a.data, a.size, b.data, b.size, scratch, size, &out), CIVID_OK);
    CHECK_INT(CALL(NULL, a.size, b.data, b.size, scratch, size, &out), CIVID_E_NULL);
    CHECK_INT(CALL(a.data, a.size, NULL, b.size, scratch, size, &out), CIVID_E_NULL);
    CHECK_INT(CALL(a.data, a.size, b.data, b.size, NULL, size, &out), CIVID_E_NULL);
    CHECK_INT(CALL(a.data, a.size, b.data, b.size, scratch, size, NULL), CIVID_E_NULL);
    CHECK_INT(CALL(a.data, a.size - 1, b.data, b.size, scratch, size, &out), CIVID_E_CORRUPT);
    CHECK_INT(CALL(a.data, a.size, b.data, 63, scratch, size, &out), CIVID_E_CORRUPT);
    CHECK_INT(CALL(a.data, a.size, b.data, b.size, scratch, size - 1, &out), CIVID_E_CAPACITY);
    CHECK(CALL(a.data, a.size, b.data, b.size, scratch + 1, size, &out) != CIVID_OK);
#undef CALL
    CHECK_INT(civid_compare(a.data, a.size, b.data, b.size, NULL, scratch, size, &out, pairs, 1), CIVID_OK);
    CHECK(out.pairs > 1 && pairs[0].probe < 30 && pairs[0].reference < 30);
    CHECK(pairs[1].probe == 7 && pairs[1].reference == 7); /* not beyond the capacity */
    free(scratch);
    free(a.data);
    free(b.data);
}

static void many_is_one_after_another(void) {
    enum { COUNT = 9 };
    prepared probe = make(1, 35, 0, 0, 0), all[COUNT];
    uint64_t offsets[COUNT + 1] = {0};
    for (int32_t i = 0; i < COUNT; i++) {
        all[i] = make((uint64_t)i % 3 + 1, i * 31, 0.1 * i, i, 1);
        offsets[i + 1] = offsets[i] + all[i].size;
    }
    uint8_t *block = civid__memory(offsets[COUNT]);
    for (int32_t i = 0; i < COUNT; i++) memcpy(block + offsets[i], all[i].data, all[i].size);
    uint64_t size;
    CHECK_INT(civid_compare_scratch_size(&size), CIVID_OK);
    void *scratch = civid__memory(size);
    float scores[COUNT];
    CHECK_INT(civid_compare_many(probe.data, probe.size, block, offsets, COUNT, NULL, scratch, size, scores),
              CIVID_OK);
    for (int32_t i = 0; i < COUNT; i++) CHECK(scores[i] == compare(probe, all[i]).score);
    CHECK_INT(civid_compare_many(probe.data, probe.size, NULL, NULL, 0, NULL, scratch, size, NULL), CIVID_OK);
    CHECK(civid_compare_many(probe.data, probe.size, block, offsets, -1, NULL, scratch, size, scores) !=
          CIVID_OK);
    offsets[3]++;
    CHECK(civid_compare_many(probe.data, probe.size, block, offsets, COUNT, NULL, scratch, size, scores) !=
          CIVID_OK);
    for (int32_t i = 0; i < COUNT; i++) free(all[i].data);
    free(scratch);
    free(block);
    free(probe.data);
}

static void all_instruction_sets_give_the_same_bits(void) {
    enum { COUNT = 12 };
    static const int32_t counts[COUNT] = {0, 1, 2, 7, 8, 9, 33, 64, 65, 100, 254, 255};
    prepared all[COUNT], again[COUNT];
    civid_comparison_t portable[COUNT][COUNT];
    CHECK_INT(civid_cpu_force(CIVID_ISA_PORTABLE), CIVID_OK);
    for (int32_t i = 0; i < COUNT; i++) all[i] = make(9, counts[i], 0.05 * i, i, 2);
    for (int32_t i = 0; i < COUNT; i++)
        for (int32_t j = 0; j < COUNT; j++) portable[i][j] = compare(all[i], all[j]);
    for (int32_t isa = 1; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        for (int32_t i = 0; i < COUNT; i++) {
            again[i] = make(9, counts[i], 0.05 * i, i, 2);
            CHECK(memcmp(again[i].data, all[i].data, all[i].size) == 0);
            free(again[i].data);
            for (int32_t j = 0; j < COUNT; j++) {
                const civid_comparison_t other = compare(all[i], all[j]);
                CHECK(memcmp(&other, &portable[i][j], sizeof other) == 0);
            }
        }
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    for (int32_t i = 0; i < COUNT; i++) free(all[i].data);
}

static float score_of(int32_t raw) {
    float score = -1;
    CHECK_INT(civid_calibrate(CIVID_CALIBRATION_CLASSICAL, raw, &score), CIVID_OK);
    return score;
}

static void calibration_rises(void) {
    float before = 0;
    for (int32_t raw = -10; raw < 100000; raw++) {
        const float score = score_of(raw);
        CHECK(score >= before && score < 1e6f);
        before = score;
    }
    CHECK(score_of(INT32_MAX) >= before && score_of(INT32_MIN) >= 0);
}

static void a_calibration_belongs_to_two_extractors(void) {
    const char *ours = "civid-classical/1", *others[] = {"", "civid-classical/2", "x"};
    int32_t which = -1;
    CHECK_INT(civid_calibration(ours, ours, &which), CIVID_OK);
    CHECK_INT(which, CIVID_CALIBRATION_CLASSICAL);
    which = -1;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        CHECK_INT(civid_calibration(ours, others[i], &which), CIVID_E_CALIBRATION);
        CHECK_INT(civid_calibration(others[i], ours, &which), CIVID_E_CALIBRATION);
        CHECK_INT(civid_calibration(others[i], others[i], &which), CIVID_E_CALIBRATION);
    }
    CHECK_INT(which, -1); /* untouched */
    CHECK_INT(civid_calibration(NULL, ours, &which), CIVID_E_NULL);
    CHECK_INT(civid_calibration(ours, NULL, &which), CIVID_E_NULL);
    CHECK_INT(civid_calibration(ours, ours, NULL), CIVID_E_NULL);
}

/* The score of two templates is the calibration of their pairing, of the raw similarity that they
 * have whoever found them. */
static void the_headers_say_which_calibration(void) {
    static const int32_t wanted[CIVID_EXTRACTOR_COUNT][CIVID_EXTRACTOR_COUNT] = {
        {CIVID_CALIBRATION_CLASSICAL, CIVID_CALIBRATION_MIXED},
        {CIVID_CALIBRATION_MIXED, CIVID_CALIBRATION_NEURAL},
    };
    uint64_t size;
    CHECK_INT(civid_compare_scratch_size(&size), CIVID_OK);
    void *scratch = civid__memory(size);
    for (uint64_t seed = 0; seed < 40; seed++) {
        const int32_t counts[2] = {40, 40 + (int32_t)(seed % 3) - 1};
        float of_one[CIVID_CALIBRATION_COUNT];
        const prepared plain[2] = {make(seed, counts[0], 0, 0, 0), make(seed, counts[1], 0.3, 9, 6)};
        const civid_comparison_t known = compare(plain[0], plain[1]);
        for (int32_t i = 0; i < CIVID_EXTRACTOR_COUNT; i++)
            for (int32_t j = 0; j < CIVID_EXTRACTOR_COUNT; j++) {
                const prepared a = made_by(i, seed, counts[0], 0, 0, 0);
                const prepared b = made_by(j, seed, counts[1], 0.3, 9, 6);
                const civid_comparison_t forth = compare(a, b), back = compare(b, a);
                float score = -1, many = -1;
                CHECK_INT(forth.raw, known.raw);
                CHECK_INT(forth.pairs, known.pairs);
                CHECK(memcmp(&forth, &back, sizeof forth) == 0);
                CHECK_INT(civid_calibrate(wanted[i][j], forth.raw, &score), CIVID_OK);
                CHECK(score == forth.score);
                const uint64_t offsets[] = {0, b.size};
                CHECK_INT(civid_compare_many(a.data, a.size, b.data, offsets, 1, NULL, scratch, size,
                                             &many),
                          CIVID_OK);
                CHECK(many == score);
                of_one[wanted[i][j]] = score;
                free(a.data), free(b.data);
            }
        CHECK(known.raw > 100); /* where the three are three */
        CHECK(of_one[0] != of_one[1] && of_one[0] != of_one[2] && of_one[1] != of_one[2]);
        free(plain[0].data), free(plain[1].data);
    }
    free(scratch);
}

static void an_extractor_that_is_not_known_is_refused(void) {
    const prepared a = make(1, 20, 0, 0, 0), b = make(1, 20, 0, 0, 0);
    uint64_t size;
    CHECK_INT(civid_compare_scratch_size(&size), CIVID_OK);
    void *scratch = civid__memory(size);
    const uint64_t offsets[] = {0, b.size};
    civid_comparison_t out;
    float score = -1;
    civid__prepared_t *h = b.data;
    for (int32_t number = CIVID_EXTRACTOR_COUNT; number < 256; number++) {
        h->extractor = (uint8_t)number;
        CHECK_INT(civid_prepared_check(b.data, b.size), CIVID_E_CORRUPT); /* damaged, for all we know */
        h->hash = civid__prepared_hash(h);
        CHECK_INT(civid_prepared_check(b.data, b.size), CIVID_E_CALIBRATION);
        CHECK_INT(civid_compare(a.data, a.size, b.data, b.size, NULL, scratch, size, &out, NULL, 0),
                  CIVID_E_CALIBRATION);
        CHECK_INT(civid_compare(b.data, b.size, a.data, a.size, NULL, scratch, size, &out, NULL, 0),
                  CIVID_E_CALIBRATION);
        CHECK_INT(civid_compare_many(a.data, a.size, b.data, offsets, 1, NULL, scratch, size, &score),
                  CIVID_E_CALIBRATION);
    }
    CHECK(score == -1);
    civid_minutia_t m = {10, 10, 1, 1, 50, 0};
    const int32_t unknown[] = {-1, CIVID_EXTRACTOR_COUNT, 256, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        CHECK_INT(civid_prepare(&m, 1, unknown[i], b.data, b.size), CIVID_E_CALIBRATION);
        CHECK(civid_extractor_name(unknown[i]) == NULL);
    }
    free(scratch);
    free(a.data);
    free(b.data);
}

static void every_extractor_has_a_name_and_every_two_a_calibration(void) {
    for (int32_t i = 0; i < CIVID_EXTRACTOR_COUNT; i++)
        for (int32_t j = 0; j < CIVID_EXTRACTOR_COUNT; j++) {
            int32_t which = -1, back = -1;
            const char *a = civid_extractor_name(i), *b = civid_extractor_name(j);
            CHECK_INT(strcmp(a, b) == 0, i == j);
            CHECK_INT(civid_calibration(a, b, &which), CIVID_OK);
            CHECK_INT(civid_calibration(b, a, &back), CIVID_OK);
            CHECK(which == back && which >= 0 && which < CIVID_CALIBRATION_COUNT);
        }
}

static void unknown_calibrations_are_refused(void) {
    const int32_t unknown[] = {-1, CIVID_CALIBRATION_COUNT, INT32_MIN, INT32_MAX};
    float score = -1;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        CHECK_INT(civid_calibrate(unknown[i], 5, &score), CIVID_E_CALIBRATION);
    CHECK(score == -1);
    CHECK_INT(civid_calibrate(0, 5, NULL), CIVID_E_NULL);
}

int main(void) {
    RUN(sizes);
    RUN(minutiae_that_are_none);
    RUN(a_changed_bit_is_found);
    RUN(scores);
    RUN(arguments);
    RUN(many_is_one_after_another);
    RUN(all_instruction_sets_give_the_same_bits);
    RUN(calibration_rises);
    RUN(a_calibration_belongs_to_two_extractors);
    RUN(the_headers_say_which_calibration);
    RUN(an_extractor_that_is_not_known_is_refused);
    RUN(every_extractor_has_a_name_and_every_two_a_calibration);
    RUN(unknown_calibrations_are_refused);
    return DONE();
}
