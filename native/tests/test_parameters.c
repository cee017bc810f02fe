/* Parameters: names, ranges and defaults of each set; what they change of a comparison, and what the
 * defaults do not. (Those of the extraction are tried one by one in test_extract.c.) */
#include <math.h>
#include <string.h>

#include "compare/comparator.h"
#include "search/match/fusion.h"
#include "templates.h"

enum { PRINTS = 12 };

static void *prepared[PRINTS];
static uint64_t sizes[PRINTS], room;
static void *scratch;

static void prepare(void) {
    CHECK_INT(civid_compare_scratch_size(&room), CIVID_OK);
    scratch = civid__memory(room);
    for (int32_t i = 0; i < PRINTS; i++) {
        civid_minutia_t m[CIVID_MAX_MINUTIAE];
        const int32_t count = i < 4 ? i : 30 + 5 * i; /* next to nothing, too */
        civid__minutiae((uint64_t)(i / 2 * 8), count, m); /* two of a kind, one with more */
        CHECK_INT(civid_prepared_size(count, &sizes[i]), CIVID_OK);
        prepared[i] = civid__memory(sizes[i]);
        CHECK_INT(civid_prepare(m, count, 0, prepared[i], sizes[i]), CIVID_OK);
    }
}

static civid_status compare(int32_t a, int32_t b, const civid_comparator_t *with,
                            civid_comparison_t *out) {
    memset(out, 0, sizeof *out);
    return civid_compare(prepared[a], sizes[a], prepared[b], sizes[b], with, scratch, room, out,
                         NULL, 0);
}

static void sets_are_described(void) {
    for (int32_t set = 0; set < CIVID_PARAMETERS_COUNT; set++) {
        int32_t fields = 0, wrong = 7, kind;
        uint64_t size = 0, at = 0;
        CHECK_INT(civid_parameters_size(set, &fields, &size), CIVID_OK);
        void *values = civid__memory(size);
        CHECK_INT(civid_parameters_defaults(set, values, size), CIVID_OK);
        CHECK_INT(civid_parameters_check(set, values, size, &wrong), CIVID_OK);
        CHECK_INT(wrong, -1);
        for (int32_t i = 0; i < fields; i++) {
            const char *name = NULL;
            double least = 0, most = 0;
            CHECK_INT(civid_parameters_field(set, i, &name, &kind, &least, &most), CIVID_OK);
            CHECK(name != NULL && name[0] && least < most);
            at += kind == CIVID_KEPT_DOUBLE ? 8 : 4;
        }
        CHECK(at == size); /* every byte is a field's: no padding */
        CHECK_INT(civid_parameters_defaults(set, values, size - 4), CIVID_E_CAPACITY);
        CHECK_INT(civid_parameters_check(set, values, size + 4, &wrong), CIVID_E_CAPACITY);
        CHECK_INT(civid_parameters_defaults(set, NULL, size), CIVID_E_NULL);
        CHECK_INT(civid_parameters_check(set, NULL, size, &wrong), CIVID_E_NULL);
        CHECK_INT(civid_parameters_check(set, values, size, NULL), CIVID_E_NULL);
        const char *name;
        double least, most;
        CHECK_INT(civid_parameters_field(set, -1, &name, &kind, &least, &most), CIVID_E_VALUE);
        CHECK_INT(civid_parameters_field(set, fields, &name, &kind, &least, &most), CIVID_E_VALUE);
        CHECK_INT(civid_parameters_field(set, 0, NULL, &kind, &least, &most), CIVID_E_NULL);
        free(values);
    }
    int32_t fields;
    uint64_t size;
    CHECK_INT(civid_parameters_size(-1, &fields, &size), CIVID_E_VALUE);
    CHECK_INT(civid_parameters_size(CIVID_PARAMETERS_COUNT, &fields, &size), CIVID_E_VALUE);
    CHECK_INT(civid_parameters_size(0, NULL, &size), CIVID_E_NULL);
}

static void defaults_are_what_null_means(void) {
    civid_comparator_t comparator;
    civid_fusion_t fusion;
    CHECK_INT(civid_parameters_defaults(CIVID_PARAMETERS_COMPARISON, &comparator, sizeof comparator),
              CIVID_OK);
    CHECK_INT(civid_parameters_defaults(CIVID_PARAMETERS_FUSION, &fusion, sizeof fusion), CIVID_OK);
    CHECK(memcmp(&comparator, &civid__comparator_standard, sizeof comparator) == 0);
    CHECK(memcmp(&fusion, &civid__fusion_standard, sizeof fusion) == 0);
    for (int32_t a = 0; a < PRINTS; a++)
        for (int32_t b = 0; b < PRINTS; b++) {
            civid_comparison_t one, two;
            CHECK_INT(compare(a, b, NULL, &one), CIVID_OK);
            CHECK_INT(compare(a, b, &comparator, &two), CIVID_OK);
            CHECK(memcmp(&one, &two, sizeof one) == 0);
        }
    const float scores[] = {31.5f, 2.25f, 17.0f};
    float one = 0, two = 1;
    CHECK_INT(civid_fuse(scores, 3, NULL, &one), CIVID_OK);
    CHECK_INT(civid_fuse(scores, 3, &fusion, &two), CIVID_OK);
    CHECK(one == two);
}

/* Each field of the comparison at either end and beyond: refused, or the same from both sides and on
 * every instruction set. */
static void every_field_has_a_range_that_runs(void) {
    enum { SET = CIVID_PARAMETERS_COMPARISON };
    int32_t fields, changed_something = 0;
    uint64_t size;
    CHECK_INT(civid_parameters_size(SET, &fields, &size), CIVID_OK);
    for (int32_t i = 0; i < fields; i++) {
        const char *name;
        int32_t kind, wrong;
        double least, most;
        CHECK_INT(civid_parameters_field(SET, i, &name, &kind, &least, &most), CIVID_OK);
        const float values[] = {(float)least, (float)most, (float)least - 1, (float)most + 1, NAN};
        for (int32_t k = 0; k < (kind == CIVID_KEPT_INT32 ? 4 : 5); k++) {
            civid_comparator_t c = civid__comparator_standard;
            if (i == 1) c.candidates_least = 1; /* which must not be above candidates_most */
            const int32_t whole = kind == CIVID_KEPT_INT32 ? (int32_t)values[k] : 0;
            memcpy((unsigned char *)&c + 4 * i,
                   kind == CIVID_KEPT_INT32 ? (const void *)&whole : &values[k], 4);
            const civid_status status = civid_parameters_check(SET, &c, sizeof c, &wrong);
            CHECK_INT(status, k < 2 ? CIVID_OK : CIVID_E_VALUE);
            CHECK_INT(wrong, k < 2 ? -1 : i);
            for (int32_t a = 0; a < PRINTS; a++) {
                const int32_t b = (a + 1) % PRINTS;
                civid_comparison_t forth, back, plain;
                CHECK_INT(compare(a, b, &c, &forth), status);
                if (status != CIVID_OK) break;
                CHECK_INT(compare(b, a, &c, &back), CIVID_OK);
                CHECK(forth.raw == back.raw && forth.pairs == back.pairs && forth.raw >= 0);
                CHECK(isfinite(forth.score));
                CHECK_INT(compare(a, b, NULL, &plain), CIVID_OK);
                changed_something += plain.raw != forth.raw;
                for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
                    if (civid_cpu_force(isa) != CIVID_OK) continue;
                    CHECK_INT(compare(a, b, &c, &back), CIVID_OK);
                    CHECK(memcmp(&forth, &back, sizeof back) == 0);
                }
                CHECK_INT(civid_cpu_force(-1), CIVID_OK);
            }
        }
    }
    CHECK(changed_something > fields);
    civid_comparator_t c = civid__comparator_standard;
    c.candidates_least = 20, c.candidates_most = 10;
    int32_t wrong;
    CHECK_INT(civid_parameters_check(SET, &c, sizeof c, &wrong), CIVID_E_VALUE);
    CHECK_INT(wrong, 1);
    const uint64_t offsets[] = {0, sizes[5]};
    float score;
    CHECK_INT(civid_compare_many(prepared[4], sizes[4], prepared[5], offsets, 1, &c, scratch, room,
                                 &score),
              CIVID_E_VALUE);
}

static void fusion_depends_on_its_parameters(void) {
    const float scores[] = {20, 20};
    float independent = 0, standard = 0, dependent = 0;
    civid_fusion_t f = civid__fusion_standard;
    CHECK_INT(civid_fuse(scores, 2, NULL, &standard), CIVID_OK);
    f.dependence = 0;
    CHECK_INT(civid_fuse(scores, 2, &f, &independent), CIVID_OK);
    f.dependence = 1;
    CHECK_INT(civid_fuse(scores, 2, &f, &dependent), CIVID_OK);
    CHECK(independent > standard && standard > dependent);
    CHECK(fabsf(dependent - 20) < 1e-4f); /* two that say the same say it once */
    f.dependence = 1.5;
    CHECK_INT(civid_fuse(scores, 2, &f, &dependent), CIVID_E_VALUE);
}

int main(void) {
    prepare();
    RUN(sets_are_described);
    RUN(defaults_are_what_null_means);
    RUN(every_field_has_a_range_that_runs);
    RUN(fusion_depends_on_its_parameters);
    for (int32_t i = 0; i < PRINTS; i++) free(prepared[i]);
    free(scratch);
    return DONE();
}
