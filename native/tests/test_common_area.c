/* What minutiae in the common area say: by quality, type, depth, and whether they are paired. */
#include <string.h>

#include "compare/comparator.h"
#include "compare/compare_stages.h"
#include "tables/evidence_table.h"
#include "test.h"

enum { SIDE = 7, COUNT = SIDE * SIDE, STEP = 30 };

/* A square of minutiae, 30 px apart, compared with itself when the first `paired` are paired. */
static civid__features_t square(uint8_t quality, uint8_t kind, uint8_t other, int32_t paired) {
    static civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    uint64_t size;
    civid__prepared_t *p[2];
    civid__scratch_t *t = civid__memory(sizeof *t);
    memset(t, 0, sizeof *t);
    memset(minutiae, 0, sizeof minutiae);
    CHECK_INT(civid_prepared_size(COUNT, &size), CIVID_OK);
    for (int32_t side = 0; side < 2; side++) {
        for (int32_t i = 0; i < COUNT; i++) {
            minutiae[i].x = (float)(i % SIDE * STEP), minutiae[i].y = (float)(i / SIDE * STEP);
            minutiae[i].kind = side ? other : kind, minutiae[i].quality = quality;
        }
        p[side] = civid__memory(size);
        CHECK_INT(civid_prepare(minutiae, COUNT, 0, p[side], size), CIVID_OK);
        civid__spread(p[side], side ? &t->b : &t->a);
    }
    t->with = &civid__comparator_standard;
    t->movement.c = 1.0f;
    t->features.pairs = paired;
    for (int32_t k = 0; k < paired; k++) {
        t->pair_a[k] = t->pair_b[k] = (uint8_t)k;
        t->used_a[k] = t->used_b[k] = 1;
    }
    civid__common_area(p[0], p[1], t);
    const civid__features_t found = t->features;
    free(p[0]), free(p[1]), free(t);
    return found;
}

static void all_of_a_print_lies_in_itself(void) {
    const civid__features_t f = square(95, 1, 1, COUNT);
    CHECK_INT(f.overlap_a, COUNT);
    CHECK_INT(f.overlap_b, COUNT);
    CHECK_INT(f.types, COUNT * civid__type_evidence[9][1]);
    /* rings of the square: at the hull (12 px of margin), 30 px within, and beyond 39 */
    CHECK_INT(f.area, 2 * (24 * civid__area_evidence[1][9][1] + 25 * civid__area_evidence[3][9][1]));
}

static void nothing_paired_says_nothing(void) {
    const civid__features_t f = square(95, 1, 1, 0);
    CHECK_INT(f.overlap_a + f.overlap_b + f.area + f.types, 0);
}

static void alone_speaks_against_and_louder_the_better(void) {
    int32_t before = 0;
    for (uint8_t quality = 15; quality < 100; quality += 10) {
        const civid__features_t most = square(quality, 1, 1, COUNT), few = square(quality, 1, 1, 1);
        CHECK(most.area > 0 && few.area < 0);
        CHECK(quality > 80 || few.area < before); /* at the hull the last columns level off */
        before = few.area;
        CHECK(square(quality, 1, 2, COUNT).types < 0 && most.types > 0);
    }
}

static void what_is_not_known_weighs_as_all_do(void) {
    CHECK_INT(square(95, 0, 1, COUNT).types, 0);
    CHECK_INT(square(95, 2, 0, COUNT).types, 0);
    CHECK_INT(square(0, 1, 1, COUNT).types, COUNT * civid__type_evidence[CIVID__UNKNOWN][1]);
    const int32_t unknown = square(0, 1, 1, 1).area;
    CHECK(unknown < square(15, 1, 1, 1).area && unknown > square(95, 1, 1, 1).area);
}

int main(void) {
    RUN(all_of_a_print_lies_in_itself);
    RUN(nothing_paired_says_nothing);
    RUN(alone_speaks_against_and_louder_the_better);
    RUN(what_is_not_known_weighs_as_all_do);
    return DONE();
}
