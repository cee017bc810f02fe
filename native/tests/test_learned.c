/* Extraction with the network of fields: what it sees, and that every twin gives the same bits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "civid.h"
#include "extract/learned/fourier.h"
#include "extract/learned/field_features.h"
#include "kernels.h"
#include "memory.h"
#include "picture.h"
#include "test.h"

enum { ACROSS = (PICTURE_WIDTH + 7) / 8, DOWN = (PICTURE_HEIGHT + 7) / 8, BLOCKS = ACROSS * DOWN };

typedef struct {
    civid_status status;
    civid_print_t print;
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    float features[FIELD_FEATURES * BLOCKS], angle[BLOCKS];
} result;

static void extract(const uint8_t *pixels, result *r) {
    memset(r, 0, sizeof *r);
    int32_t w, h;
    uint64_t size, less;
    CHECK_INT(civid_extract_learned_size(PICTURE_WIDTH, PICTURE_HEIGHT, 500, &w, &h, &size), CIVID_OK);
    CHECK_INT(civid_extract_size(PICTURE_WIDTH, PICTURE_HEIGHT, 500, &w, &h, &less), CIVID_OK);
    CHECK(size > less);
    void *workspace = civid__memory(size);
    memset(workspace, 0xa5, size);
    civid_capture_t captures[2] = {
        {.stage = CIVID_STAGE_FEATURES, .data = r->features, .capacity = sizeof r->features},
        {.stage = CIVID_STAGE_ORIENTATION, .data = r->angle, .capacity = sizeof r->angle}};
    CHECK_INT(civid_extract_learned(pixels, PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_WIDTH, 500, NULL,
                                    workspace, less, r->minutiae, CIVID_MAX_MINUTIAE, &r->print, NULL,
                                    captures, 2),
              CIVID_E_CAPACITY);
    CHECK_INT(civid_extract(pixels, PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_WIDTH, 500, NULL, workspace,
                            size, r->minutiae, CIVID_MAX_MINUTIAE, &r->print, NULL, captures, 1),
              CIVID_E_VALUE); /* it has no features */
    r->status = civid_extract_learned(pixels, PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_WIDTH, 500, NULL,
                                      workspace, size, r->minutiae, CIVID_MAX_MINUTIAE, &r->print, NULL,
                                      captures, 2);
    CHECK_INT(captures[0].width, ACROSS);
    CHECK_INT(captures[0].height, DOWN * FIELD_FEATURES);
    free(workspace);
}

static void every_twin_gives_the_same_print(void) {
    static uint8_t pixels[PICTURE_WIDTH * PICTURE_HEIGHT];
    static result portable, other;
    for (int32_t which = 0; which < 2; which++) {
        civid__picture(pixels, which);
        CHECK_INT(civid_cpu_force(CIVID_ISA_PORTABLE), CIVID_OK);
        extract(pixels, &portable);
        CHECK_INT(portable.status, CIVID_OK);
        CHECK(portable.print.minutiae > 10);
        for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
            if (civid_cpu_force(isa) != CIVID_OK) continue;
            extract(pixels, &other);
            CHECK(memcmp(&portable, &other, sizeof portable) == 0);
        }
    }
}

/* Sums over all values, as the definition has it. */
static void slowly(int32_t m, int32_t n, int32_t fy, int32_t fx, const float *re, double *out) {
    double a = 0, b = 0;
    for (int32_t y = 0; y < m; y++)
        for (int32_t x = 0; x < n; x++) {
            float s, c;
            civid__sincos(-CIVID_TWO_PI * ((float)(fy * y % m) / (float)m + (float)(fx * x % n) / (float)n),
                          &s, &c);
            a += (double)(re[y * n + x] * c), b += (double)(re[y * n + x] * s);
        }
    out[0] = a, out[1] = b;
}

static void transforms_are_those_of_the_definition(void) {
    static const int32_t sides[][2] = {{16, 48}, {80, 32}, {90, 50}, {12, 10}};
    for (size_t k = 0; k < sizeof sides / sizeof *sides; k++) {
        const int32_t m = sides[k][0], n = sides[k][1], size = m * n;
        float *first = civid__memory((size_t)size * sizeof(float));
        float *re = civid__memory((size_t)size * 4 * sizeof(float)), *im = re + size;
        float *turns = civid__memory((size_t)(m + n) * 2 * sizeof(float));
        uint64_t state = k;
        for (int32_t i = 0; i < size; i++)
            first[i] = re[i] = (float)(civid__below(&state, 255) - 127), im[i] = 0;
        const civid__turns_t down = civid__fourier_turns(m, turns);
        const civid__turns_t right = civid__fourier_turns(n, turns + 2 * m);
        civid__fourier_plane(down, right, re, im, im + size);
        for (int32_t t = 0; t < 20; t++) {
            const int32_t fy = civid__below(&state, m), fx = civid__below(&state, n);
            double wanted[2];
            slowly(m, n, fy, fx, first, wanted);
            CHECK(fabs(re[fx * m + fy] - wanted[0]) < 0.5);
            CHECK(fabs(im[fx * m + fy] - wanted[1]) < 0.5);
        }
        civid__fourier_plane(right, down, im, re, im + size); /* and back */
        for (int32_t i = 0; i < size; i++) CHECK(fabsf(re[i] / (float)size - first[i]) < 0.01f);
        free(first), free(re), free(turns);
    }
    CHECK_INT(civid__fourier_side(376), 384);
    CHECK_INT(civid__fourier_side(392), 400);
    CHECK_INT(civid__fourier_side(2048), 2048);
}

static void gains_fall_with_the_distance(void) {
    civid__filter_t filter = {.x = 0, .y0 = 0, .step = 0.005f, .cosine = 0, .sine = 1, .period = 10,
                              .wide = -3, .narrow = 20};
    float gains[2][40];
    CHECK_INT(civid_cpu_force(CIVID_ISA_PORTABLE), CIVID_OK);
    civid__kernels()->gains(&filter, 40, gains[0]);
    CHECK(gains[0][0] < 1e-9f);
    CHECK(fabsf(gains[0][20] - 1) < 1e-5f);
    for (int32_t k = 1; k < 40; k++) CHECK(k <= 20 ? gains[0][k] > gains[0][k - 1] : gains[0][k] < gains[0][k - 1]);
    filter.x = 0.07f;
    civid__kernels()->gains(&filter, 40, gains[0]);
    CHECK(gains[0][14] < 0.01f); /* 45 degrees off: exp(-5.9) and less */
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        civid__kernels()->gains(&filter, 40, gains[1]);
        CHECK(!memcmp(gains[0], gains[1], sizeof gains[0]));
    }
}

int main(void) {
    RUN(every_twin_gives_the_same_print);
    RUN(transforms_are_those_of_the_definition);
    RUN(gains_fall_with_the_distance);
    return DONE();
}
