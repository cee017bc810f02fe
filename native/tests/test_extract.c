/* Extraction: its arguments, images that hold no print, and the same bits everywhere. */
#include <math.h>
#include <string.h>

#include "picture.h"
#include "test.h"

typedef struct {
    civid_status status;
    civid_print_t print;
    civid_figures_t figures;
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
} result;

/* Each px of the print is counted once: by its grey level, as ridge or valley, in a block. */
static void figures_are_consistent(const civid_print_t *print, const civid_figures_t *f) {
    int64_t px = 0, sum = 0;
    for (int32_t grey = 0; grey < 256; grey++) px += f->greys[grey], sum += f->greys[grey] * grey;
    CHECK_INT(px, f->ridge_px + f->valley_px);
    CHECK_INT(sum, f->ridge_sum + f->valley_sum);
    CHECK(px <= (int64_t)f->blocks * 64 && px >= f->blocks);
    CHECK(f->x_sum >= 0 && f->x_sum <= px * (print->width - 1));
    CHECK(f->y_sum >= 0 && f->y_sum <= px * (print->height - 1));
    for (int32_t side = 0; side < 4; side++) CHECK(f->at_side[side] <= px);
    CHECK(f->line_px <= f->ridge_px && f->light_px <= f->line_px);
    CHECK(f->coherence_sum >= 0 && f->coherence_sum <= f->blocks);
    CHECK(f->pieces[0].blocks >= f->pieces[1].blocks);
    CHECK(f->pieces[0].blocks + f->pieces[1].blocks <= f->blocks);
}

static result extract(const uint8_t *pixels, int32_t width, int32_t height, double dpi) {
    result r;
    memset(&r, 0, sizeof r);
    int32_t w, h;
    uint64_t size;
    r.status = civid_extract_size(width, height, dpi, &w, &h, &size);
    if (r.status != CIVID_OK) return r;
    void *workspace = civid__memory(size);
    memset(workspace, 0xa5, size); /* its contents must not matter */
    r.status = civid_extract(pixels, width, height, width, dpi, NULL, workspace, size, r.minutiae,
                             CIVID_MAX_MINUTIAE, &r.print, &r.figures, NULL, 0);
    free(workspace);
    if (r.status == CIVID_OK) {
        CHECK_INT(r.print.width, w);
        CHECK_INT(r.print.height, h);
        CHECK(r.print.minutiae >= 0 && r.print.minutiae <= CIVID_MAX_MINUTIAE);
        CHECK(r.print.quality >= 0 && r.print.quality <= 100);
        CHECK(r.print.foreground >= 0 && r.print.foreground <= 1);
        figures_are_consistent(&r.print, &r.figures);
        for (int32_t i = 0; i < r.print.minutiae; i++) {
            const civid_minutia_t *m = &r.minutiae[i];
            CHECK(m->x >= 0 && m->x < (float)w && m->y >= 0 && m->y < (float)h);
            CHECK(m->angle >= 0 && m->angle < 6.2831855f);
            CHECK(m->kind <= CIVID_KIND_BIFURCATION && m->quality <= 100 && m->reserved == 0);
        }
    }
    return r;
}

/* Nobody's ridges: a wave whose direction turns, in an oval, with two dislocations. */
static uint8_t *draw(int32_t width, int32_t height, double period) {
    uint8_t *pixels = malloc((size_t)width * (size_t)height);
    if (!pixels) abort();
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) {
            const double u = (x - width / 2.0) / (width * 0.45);
            const double v = (y - height / 2.0) / (height * 0.45);
            double phase = 6.283185307 * (y + 18 * sin(x * 0.02)) / period;
            phase += atan2(y - height * 0.4, x - width * 0.4);
            phase -= atan2(y - height * 0.65, x - width * 0.6);
            const double value = 140 + 90 * sin(phase);
            pixels[y * width + x] = u * u + v * v < 1 ? (uint8_t)value : 250;
        }
    return pixels;
}

static void sizes(void) {
    int32_t w, h;
    uint64_t n;
    CHECK_INT(civid_extract_size(300, 400, 500, &w, &h, &n), CIVID_OK);
    CHECK(w == 300 && h == 400 && n > 300 * 400 && n < (64u << 20));
    CHECK_INT(civid_extract_size(600, 800, 1000, &w, &h, &n), CIVID_OK);
    CHECK(w == 300 && h == 400);
    CHECK_INT(civid_extract_size(1, 1, 500, &w, &h, &n), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_extract_size(0, 400, 500, &w, &h, &n), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_extract_size(-5, 400, 500, &w, &h, &n), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_extract_size(INT32_MIN, INT32_MAX, 500, &w, &h, &n), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_extract_size(INT32_MAX, INT32_MAX, 100, &w, &h, &n), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_extract_size(20000, 20000, 500, &w, &h, &n), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_extract_size(CIVID_MAX_SIDE + 1, 400, 500, &w, &h, &n), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_extract_size(CIVID_MAX_SIDE, CIVID_MAX_SIDE, 500, &w, &h, &n), CIVID_OK);
    CHECK_INT(civid_extract_size(CIVID_MIN_SIDE, CIVID_MIN_SIDE, 500, &w, &h, &n), CIVID_OK);
    CHECK_INT(civid_extract_size(CIVID_MIN_SIDE - 1, 400, 500, &w, &h, &n), CIVID_E_DIMENSIONS);
    const double absurd[] = {0, -1, 99.9, 4000.1, 1e300, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof absurd / sizeof *absurd; i++)
        CHECK_INT(civid_extract_size(300, 400, absurd[i], &w, &h, &n), CIVID_E_DPI);
    CHECK_INT(civid_extract_size(300, 400, 500, NULL, &h, &n), CIVID_E_NULL);
    CHECK_INT(civid_extract_size(300, 400, 500, &w, NULL, &n), CIVID_E_NULL);
    CHECK_INT(civid_extract_size(300, 400, 500, &w, &h, NULL), CIVID_E_NULL);
}

static void arguments(void) {
    int32_t w, h;
    uint64_t n;
    CHECK_INT(civid_extract_size(100, 100, 500, &w, &h, &n), CIVID_OK);
    uint8_t *pixels = draw(100, 100, 9);
    unsigned char *work = civid__memory(n + 64);
    civid_minutia_t m[4];
    civid_print_t p;
    civid_capture_t c = {.stage = CIVID_STAGE_COUNT};
#define CALL(pixels, stride, work, n, m, capacity, p, c, captures) \
    civid_extract(pixels, 100, 100, stride, 500, NULL, work, n, m, capacity, p, NULL, c, captures)
    CHECK_INT(CALL(pixels, 100, work, n, m, 4, &p, NULL, 0), CIVID_OK);
    CHECK(p.minutiae <= 4);
    CHECK_INT(CALL(pixels, 100, work, n, NULL, 0, &p, NULL, 0), CIVID_OK);
    CHECK_INT(p.minutiae, 0);
    CHECK_INT(CALL(NULL, 100, work, n, m, 4, &p, NULL, 0), CIVID_E_NULL);
    CHECK_INT(CALL(pixels, 100, NULL, n, m, 4, &p, NULL, 0), CIVID_E_NULL);
    CHECK_INT(CALL(pixels, 100, work, n, NULL, 4, &p, NULL, 0), CIVID_E_NULL);
    CHECK_INT(CALL(pixels, 100, work, n, m, 4, NULL, NULL, 0), CIVID_E_NULL);
    CHECK_INT(CALL(pixels, 100, work, n, m, 4, &p, NULL, 1), CIVID_E_NULL);
    CHECK_INT(CALL(pixels, 99, work, n, m, 4, &p, NULL, 0), CIVID_E_DIMENSIONS);
    CHECK_INT(CALL(pixels, -100, work, n, m, 4, &p, NULL, 0), CIVID_E_DIMENSIONS);
    CHECK_INT(CALL(pixels, 100, work, n - 1, m, 4, &p, NULL, 0), CIVID_E_CAPACITY);
    CHECK_INT(CALL(pixels, 100, work + 1, n, m, 4, &p, NULL, 0), CIVID_E_VALUE);
    CHECK_INT(CALL(pixels, 100, work, n, m, -1, &p, NULL, 0), CIVID_E_VALUE);
    CHECK_INT(CALL(pixels, 100, work, n, m, 4, &p, &c, 1), CIVID_E_VALUE);
    c.stage = CIVID_STAGE_ENHANCED, c.data = m, c.capacity = 10;
    CHECK_INT(CALL(pixels, 100, work, n, m, 4, &p, &c, 1), CIVID_E_CAPACITY);
#undef CALL
    free(work);
    free(pixels);
}

static void all_stages_can_be_captured(void) {
    int32_t w, h;
    uint64_t n;
    uint8_t *pixels = draw(200, 260, 9);
    CHECK_INT(civid_extract_size(200, 260, 450, &w, &h, &n), CIVID_OK);
    void *work = civid__memory(n);
    civid_capture_t c[CIVID_STAGE_FEATURES] = {{0}};
    const uint64_t capacity = (uint64_t)w * (uint64_t)h * 16;
    for (int32_t i = 0; i < CIVID_STAGE_FEATURES; i++) {
        CHECK(civid_stage_name(i) != NULL);
        c[i].stage = i, c[i].data = civid__memory(capacity), c[i].capacity = capacity;
    }
    CHECK(civid_stage_name(-1) == NULL && civid_stage_name(CIVID_STAGE_COUNT) == NULL);
    civid_minutia_t m[CIVID_MAX_MINUTIAE];
    civid_print_t p;
    CHECK_INT(civid_extract(pixels, 200, 260, 200, 450, NULL, work, n, m, CIVID_MAX_MINUTIAE, &p, NULL,
                            c, CIVID_STAGE_FEATURES),
              CIVID_OK);
    for (int32_t i = 0; i < CIVID_STAGE_FEATURES; i++) {
        CHECK(c[i].width >= 0 && c[i].height >= 1 && c[i].item_size >= 1);
        CHECK((uint64_t)c[i].width * (uint64_t)c[i].height * (uint64_t)c[i].item_size <= capacity);
        free(c[i].data);
    }
    free(work);
    free(pixels);
}

static void images_without_a_print(void) {
    uint64_t state = 7;
    enum { SIDE = 200 };
    uint8_t *pixels = malloc(SIDE * SIDE);
    if (!pixels) abort();
    for (int32_t grey = 0; grey < 256; grey += 51) {
        memset(pixels, grey, SIDE * SIDE);
        const result r = extract(pixels, SIDE, SIDE, 500);
        CHECK_INT(r.status, CIVID_OK);
        CHECK_INT(r.print.minutiae, 0);
        CHECK_INT(r.print.quality, 0);
    }
    for (int32_t i = 0; i < SIDE * SIDE; i++) pixels[i] = (uint8_t)civid__random(&state);
    CHECK_INT(extract(pixels, SIDE, SIDE, 500).status, CIVID_OK);
    for (int32_t i = 0; i < SIDE * SIDE; i++) pixels[i] = (i / SIDE + i) & 1 ? 255 : 0;
    CHECK_INT(extract(pixels, SIDE, SIDE, 500).status, CIVID_OK);
    for (int32_t i = 0; i < SIDE * SIDE; i++) pixels[i] = i % SIDE < SIDE / 2 ? 0 : 255;
    CHECK_INT(extract(pixels, SIDE, SIDE, 500).status, CIVID_OK);
    free(pixels);
}

static void a_print_has_minutiae(void) {
    uint8_t *pixels = draw(300, 380, 9);
    const result r = extract(pixels, 300, 380, 500);
    CHECK_INT(r.status, CIVID_OK);
    CHECK(r.print.minutiae >= 1);
    CHECK(r.print.quality > 0);
    CHECK(r.print.period > 8 && r.print.period < 10);
    CHECK(r.print.foreground > 0.4f && r.print.foreground < 0.8f);
    free(pixels);
}

static void minutiae_are_where_they_were_drawn(void) {
    static uint8_t pixels[PICTURE_WIDTH * PICTURE_HEIGHT];
    for (int32_t which = 0; which < 3; which++) {
        civid__picture(pixels, which);
        const result r = extract(pixels, PICTURE_WIDTH, PICTURE_HEIGHT, 500);
        CHECK_INT(r.status, CIVID_OK);
        CHECK(r.print.minutiae >= 11 && r.print.minutiae <= 16);
        CHECK(r.print.quality > 40);
        int32_t found = 0;
        for (int32_t k = 0; k < PICTURE_MINUTIAE; k++) {
            int32_t near = 0;
            for (int32_t i = 0; i < r.print.minutiae; i++) {
                const float dx = r.minutiae[i].x - (float)civid__picture_x(k, which);
                const float dy = r.minutiae[i].y - (float)civid__picture_y(k);
                near |= dx * dx + dy * dy < 9 * 9; /* within one ridge */
            }
            found += near;
        }
        CHECK(found >= PICTURE_MINUTIAE - 1);
    }
}

static void odd_sizes_and_resolutions(void) {
    static const struct {
        int32_t width, height;
        double dpi;
    } cases[] = {{48, 48, 500},   {49, 2048, 500}, {2048, 48, 500}, {97, 131, 499.7},
                 {10, 10, 100},   {384, 390, 4000}, {120, 90, 333.3}, {257, 255, 512},
                 {333, 222, 1000}, {16384, 384, 4000}};
    uint64_t state = 3;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const int32_t width = cases[k].width, height = cases[k].height;
        uint8_t *pixels = draw(width, height, 9 * cases[k].dpi / 500);
        for (int32_t i = 0; i < width * height / 50; i++)
            pixels[civid__below(&state, width * height)] = (uint8_t)civid__random(&state);
        CHECK_INT(extract(pixels, width, height, cases[k].dpi).status, CIVID_OK);
        free(pixels);
    }
}

static void stride_is_honoured(void) {
    uint8_t *pixels = draw(200, 200, 9);
    enum { STRIDE = 233 };
    uint8_t *wide = malloc(199 * STRIDE + 200); /* nothing behind the last row */
    if (!wide) abort();
    memset(wide, 77, 199 * STRIDE + 200);
    for (int32_t y = 0; y < 200; y++) memcpy(wide + y * STRIDE, pixels + y * 200, 200);
    const double dpis[] = {500, 512, 1000};
    for (size_t k = 0; k < 3; k++) {
        const result tight = extract(pixels, 200, 200, dpis[k]);
        int32_t w, h;
        uint64_t n;
        CHECK_INT(civid_extract_size(200, 200, dpis[k], &w, &h, &n), CIVID_OK);
        void *work = civid__memory(n);
        civid_print_t p;
        civid_minutia_t m[CIVID_MAX_MINUTIAE];
        memset(m, 0, sizeof m);
        CHECK_INT(civid_extract(wide, 200, 200, STRIDE, dpis[k], NULL, work, n, m, CIVID_MAX_MINUTIAE,
                                &p, NULL, NULL, 0),
                  CIVID_OK);
        CHECK_INT(p.minutiae, tight.print.minutiae);
        CHECK(memcmp(m, tight.minutiae, sizeof m) == 0);
        free(work);
    }
    free(wide);
    free(pixels);
}

/* Each field at either end of its range and beyond; the defaults are what NULL means. */
static void parameters_have_ranges(void) {
    uint8_t *pixels = draw(160, 180, 9);
    int32_t w, h;
    uint64_t n;
    CHECK_INT(civid_extract_size(160, 180, 500, &w, &h, &n), CIVID_OK);
    const uint64_t room = n;
    void *work = civid__memory(room);
    civid_minutia_t m[CIVID_MAX_MINUTIAE];
    civid_print_t print;
    civid_extraction_t standard, changed;
    enum { SET = CIVID_PARAMETERS_EXTRACTION };
    int32_t wrong = 0;
    CHECK_INT(civid_parameters_defaults(SET, &standard, sizeof standard), CIVID_OK);
    CHECK_INT(civid_parameters_check(SET, &standard, sizeof standard, &wrong), CIVID_OK);
    CHECK_INT(wrong, -1);
    int32_t fields = 0;
    CHECK_INT(civid_parameters_size(SET, &fields, &n), CIVID_OK);
    CHECK(n == sizeof standard && n == 4 * (uint64_t)fields);
#define CALL(p) \
    civid_extract(pixels, 160, 180, 160, 500, p, work, room, m, CIVID_MAX_MINUTIAE, &print, NULL, NULL, \
                  0)
    memset(m, 0, sizeof m);
    CHECK_INT(CALL(&standard), CIVID_OK);
    const result plain = extract(pixels, 160, 180, 500);
    CHECK(memcmp(m, plain.minutiae, sizeof m) == 0 && print.quality == plain.print.quality);
    for (int32_t i = 0; i < fields; i++) {
        const char *name;
        int32_t kind;
        double least, most;
        CHECK_INT(civid_parameters_field(SET, i, &name, &kind, &least, &most), CIVID_OK);
        const int32_t whole = kind == CIVID_KEPT_INT32;
        const float values[] = {(float)least, (float)most, (float)least - 1, (float)most + 1, NAN};
        for (int32_t k = 0; k < (whole ? 4 : 5); k++) {
            changed = standard;
            changed.period_least = 4, changed.period_most = 20; /* so that neither is in the way */
            const int32_t rounded = whole ? (int32_t)values[k] : 0;
            memcpy((unsigned char *)&changed + 4 * i,
                   whole ? (const void *)&rounded : (const void *)&values[k], 4);
            const civid_status status = civid_parameters_check(SET, &changed, sizeof changed, &wrong);
            CHECK_INT(status, k < 2 ? CIVID_OK : CIVID_E_VALUE);
            CHECK_INT(wrong, k < 2 ? -1 : i);
            CHECK_INT(CALL(&changed), status);
        }
    }
    changed = standard, changed.period_least = 12, changed.period_most = 9;
    CHECK_INT(CALL(&changed), CIVID_E_VALUE);
#undef CALL
    free(work);
    free(pixels);
}

static void all_instruction_sets_give_the_same_bits(void) {
    uint8_t *pixels = draw(310, 290, 8.3);
    uint64_t state = 5;
    for (int32_t i = 0; i < 5000; i++)
        pixels[civid__below(&state, 310 * 290)] = (uint8_t)civid__random(&state);
    CHECK_INT(civid_cpu_force(CIVID_ISA_PORTABLE), CIVID_OK);
    const result portable = extract(pixels, 310, 290, 530);
    CHECK(portable.print.minutiae > 0);
    for (int32_t isa = 1; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        const result other = extract(pixels, 310, 290, 530);
        CHECK(memcmp(&other.print, &portable.print, sizeof other.print) == 0);
        CHECK(memcmp(other.minutiae, portable.minutiae, sizeof other.minutiae) == 0);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    free(pixels);
}

int main(void) {
    RUN(sizes);
    RUN(arguments);
    RUN(all_stages_can_be_captured);
    RUN(images_without_a_print);
    RUN(a_print_has_minutiae);
    RUN(minutiae_are_where_they_were_drawn);
    RUN(odd_sizes_and_resolutions);
    RUN(stride_is_honoured);
    RUN(parameters_have_ranges);
    RUN(all_instruction_sets_give_the_same_bits);
    return DONE();
}
