/* The second look at rare similarities: what it may change, which way, and by how much. */
#include <string.h>

#include "compare/comparator.h"
#include "compare/compare_stages.h"
#include "test.h"

enum { PAIRS = 20, STEP = 30 };

/* PAIRS minutiae on both sides, a px apart, `apart` px between neighbours in a column; all point
 * one way, or each another. */
static civid__scratch_t *column(float apart, float off, int32_t one_way) {
    civid__scratch_t *t = civid__memory(sizeof *t);
    memset(t, 0, sizeof *t);
    t->with = &civid__comparator_standard;
    t->features.pairs = t->features.count_a = t->features.count_b = PAIRS;
    for (int32_t i = 0; i < PAIRS; i++) {
        const int32_t turned = !one_way && i % 2;
        t->px[i] = 100.0f, t->py[i] = apart * (float)i;
        t->b.x[i] = 100.0f + off, t->b.y[i] = t->py[i];
        t->pc[i] = t->b.c[i] = turned ? -1.0f : 1.0f;
        t->pair_a[i] = t->pair_b[i] = (uint8_t)i;
    }
    return t;
}

static int32_t looked(float apart, float off, int32_t one_way, int32_t raw) {
    civid__scratch_t *t = column(apart, off, one_way);
    const int32_t changed = civid__second_look(t, raw);
    free(t);
    return changed;
}

static void what_many_impostors_reach_is_left_alone(void) {
    for (int32_t raw = 0; raw <= CIVID__LOOK_FROM; raw += 101) {
        CHECK_INT(looked(5.0f, 8.0f, 1, raw), raw);
        CHECK_INT(looked(200.0f, 0.0f, 1, raw), raw);
    }
    CHECK_INT(looked(5.0f, 8.0f, 1, CIVID__LOOK_FROM), CIVID__LOOK_FROM);
}

static void order_is_kept_within_bounds(void) {
    int32_t dense = CIVID__LOOK_FROM, sparse = CIVID__LOOK_FROM;
    for (int32_t raw = CIVID__LOOK_FROM + 1; raw < 3 * CIVID__LOOK_FROM; raw += 17) {
        const int32_t less = looked(5.0f, 8.0f, 1, raw), more = looked(200.0f, 0.0f, 1, raw);
        CHECK(less >= dense && more >= sparse); /* the same pairs, a higher similarity */
        CHECK(less >= CIVID__LOOK_FROM && less < raw && more >= raw);
        CHECK(less >= raw + (int32_t)CIVID__LOOK_LEAST && more <= raw + (int32_t)CIVID__LOOK_MOST);
        dense = less, sparse = more;
    }
    CHECK_INT(looked(5.0f, 8.0f, 1, 20000), 20000 + (int32_t)CIVID__LOOK_LEAST);
    CHECK_INT(looked(200.0f, 0.0f, 1, 20000), 20000 + (int32_t)CIVID__LOOK_MOST);
}

static void a_partner_is_worth_less_the_denser_and_the_farther(void) {
    const int32_t raw = 8000;
    int32_t before = raw + (int32_t)CIVID__LOOK_LEAST - 1;
    for (float apart = 4.0f; apart < 200.0f; apart *= 1.3f) {
        const int32_t now = looked(apart, 5.0f, 1, raw);
        CHECK(now >= before);
        before = now;
    }
    before = raw + (int32_t)CIVID__LOOK_MOST;
    for (float off = 0.0f; off < 16.0f; off += 1.0f) {
        const int32_t now = looked(STEP, off, 1, raw);
        CHECK(now <= before);
        before = now;
    }
    /* Those that point another way are no competitors. */
    CHECK(looked(12.0f, 6.0f, 0, raw) > looked(12.0f, 6.0f, 1, raw));
}

static void few_pairs_raise_nothing(void) {
    int32_t before = 8000;
    for (int32_t pairs = 1; pairs <= PAIRS; pairs++) {
        civid__scratch_t *t = column(200.0f, 0.0f, 1);
        t->features.pairs = t->features.count_a = t->features.count_b = pairs;
        const int32_t now = civid__second_look(t, 8000);
        if (pairs <= CIVID__LOOK_FEW || pairs > CIVID__LOOK_MANY) CHECK_INT(now, before);
        else CHECK(now > before);
        before = now;
        free(t);
    }
    CHECK_INT(before, 8000 + (int32_t)CIVID__LOOK_MOST);
}

int main(void) {
    RUN(few_pairs_raise_nothing);
    RUN(what_many_impostors_reach_is_left_alone);
    RUN(order_is_kept_within_bounds);
    RUN(a_partner_is_worth_less_the_denser_and_the_farther);
    return DONE();
}
