/* Fields that are given in place of the extraction's own. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "civid.h"
#include "memory.h"
#include "picture.h"
#include "test.h"

enum { ACROSS = (PICTURE_WIDTH + 7) / 8, DOWN = (PICTURE_HEIGHT + 7) / 8, BLOCKS = ACROSS * DOWN };

typedef struct {
    civid_status status;
    civid_print_t print;
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    float angle[BLOCKS], period[BLOCKS];
} result;

static result extract(const civid_fields_t *fields) {
    static uint8_t pixels[PICTURE_WIDTH * PICTURE_HEIGHT];
    civid__picture(pixels, 0);
    result r;
    memset(&r, 0, sizeof r);
    int32_t w, h;
    uint64_t size;
    CHECK_INT(civid_extract_size(PICTURE_WIDTH, PICTURE_HEIGHT, 500, &w, &h, &size), CIVID_OK);
    void *workspace = civid__memory(size);
    memset(workspace, 0xa5, size);
    civid_capture_t captures[2] = {
        {.stage = CIVID_STAGE_ORIENTATION, .data = r.angle, .capacity = sizeof r.angle},
        {.stage = CIVID_STAGE_PERIOD, .data = r.period, .capacity = sizeof r.period}};
    r.status = civid_extract_with_fields(pixels, PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_WIDTH, 500,
                                         NULL, fields, workspace, size, r.minutiae,
                                         CIVID_MAX_MINUTIAE, &r.print, NULL, captures, 2);
    free(workspace);
    return r;
}

static float cosine[BLOCKS], sine[BLOCKS], period[BLOCKS];
static uint8_t mask[BLOCKS];

static civid_fields_t none(void) {
    return (civid_fields_t){.blocks_x = ACROSS, .blocks_y = DOWN};
}

static void without_any_nothing_changes(void) {
    const civid_fields_t empty = none();
    const result plain = extract(NULL), other = extract(&empty);
    CHECK_INT(plain.status, CIVID_OK);
    CHECK(plain.print.minutiae > 10);
    CHECK(memcmp(&plain, &other, sizeof plain) == 0);
}

static void what_is_no_field_is_refused(void) {
    civid_fields_t f = none();
    f.blocks_x++;
    CHECK_INT(extract(&f).status, CIVID_E_DIMENSIONS);
    f = none(), f.blocks_y = -1;
    CHECK_INT(extract(&f).status, CIVID_E_DIMENSIONS);
    f = none(), f.cosine = cosine;
    CHECK_INT(extract(&f).status, CIVID_E_NULL);
    f.sine = sine;
    CHECK_INT(extract(&f).status, CIVID_OK);
    const float bad[] = {1.01f, -1.01f, NAN, INFINITY};
    for (int32_t k = 0; k < 4; k++) {
        cosine[BLOCKS - 1] = bad[k];
        CHECK_INT(extract(&f).status, CIVID_E_VALUE);
    }
    cosine[BLOCKS - 1] = 0;
    f = none(), f.period = period;
    const float odd[] = {0, 3.9f, 20.1f, NAN};
    for (int32_t k = 0; k < 4; k++) {
        for (int32_t b = 0; b < BLOCKS; b++) period[b] = b == 7 ? odd[k] : 9;
        CHECK_INT(extract(&f).status, CIVID_E_VALUE);
    }
    period[7] = 20;
    CHECK_INT(extract(&f).status, CIVID_OK);
}

static void a_mask_decides_where_the_print_is(void) {
    civid_fields_t f = none();
    f.mask = mask;
    memset(mask, 0, sizeof mask);
    CHECK_INT(extract(&f).print.minutiae, 0);
    for (int32_t b = 0; b < BLOCKS; b++) mask[b] = b % ACROSS < ACROSS / 2;
    const result left = extract(&f);
    CHECK(left.print.minutiae >= 2 && left.print.minutiae < extract(NULL).print.minutiae);
    CHECK(fabsf(left.print.foreground - 0.5f) < 0.02f);
    for (int32_t i = 0; i < left.print.minutiae; i++)
        CHECK(left.minutiae[i].x < ACROSS / 2 * 8);
}

static void directions_and_periods_are_taken_as_they_are(void) {
    const result own = extract(NULL);
    civid_fields_t f = none();
    f.cosine = cosine, f.sine = sine, f.period = period;
    for (int32_t b = 0; b < BLOCKS; b++) {
        cosine[b] = cosf(2 * own.angle[b]), sine[b] = sinf(2 * own.angle[b]);
        period[b] = own.period[b] < 4 ? 4 : own.period[b];
    }
    const result again = extract(&f);
    for (int32_t b = 0; b < BLOCKS; b++) {
        CHECK(fabsf(sinf(again.angle[b] - own.angle[b])) < 1e-3f);
        CHECK(again.period[b] == period[b]);
    }
    CHECK(fabsf(again.print.period - own.print.period) < 0.3f);
    int32_t same = 0;
    for (int32_t i = 0; i < own.print.minutiae; i++)
        for (int32_t j = 0; j < again.print.minutiae; j++)
            same += hypotf(own.minutiae[i].x - again.minutiae[j].x,
                           own.minutiae[i].y - again.minutiae[j].y) < 4;
    CHECK(same >= own.print.minutiae - 1);

    /* Across the ridges little is found; a second look does not keep to it. */
    for (int32_t b = 0; b < BLOCKS; b++) cosine[b] = -cosine[b], sine[b] = -sine[b];
    const result wrong = extract(&f);
    CHECK(wrong.print.quality < own.print.quality / 2);
    f.look_again = 1;
    const result looked = extract(&f);
    CHECK_INT(looked.status, CIVID_OK);
    CHECK(memcmp(looked.angle, wrong.angle, sizeof wrong.angle) != 0);
}

int main(void) {
    RUN(without_any_nothing_changes);
    RUN(what_is_no_field_is_refused);
    RUN(a_mask_decides_where_the_print_is);
    RUN(directions_and_periods_are_taken_as_they_are);
    return DONE();
}
