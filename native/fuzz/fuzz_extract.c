/* Any image of any size and resolution: no crash, and minutiae that are inside the image. Images are
 * small: the smallest that are accepted have every edge that a large one has. */
#include <math.h>

#include "fuzz.h"

enum { LEAST = CIVID_MIN_SIDE - 2, LARGEST = CIVID_MIN_SIDE + 16 };

/* Ridges or noise, with blank paper to their left and above them. */
static void fill(input_t *in, uint8_t *pixels, int32_t width, int32_t height, int64_t stride) {
    const int32_t left = (int32_t)(take(in, 1) % CIVID_MIN_SIDE);
    const int32_t top = (int32_t)(take(in, 1) % CIVID_MIN_SIDE);
    const uint32_t kind = take(in, 1) % 4, a = take(in, 1) + 1, b = take(in, 1);
    size_t next = 0;
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) {
            uint8_t *pixel = pixels + y * stride + x, noise = 0;
            *pixel = 255;
            if (x < left || y < top) continue;
            if (in->left) noise = in->at[next], next = next + 1 < in->left ? next + 1 : 0;
            switch (kind) {
            case 0: *pixel = noise; continue;
            case 1: *pixel = (uint8_t)((x * (int32_t)a + y * (int32_t)b) >> 2); break; /* ridges */
            case 2: *pixel = (uint8_t)(x * x / (int32_t)a + y * y / (int32_t)(b + 1)); break;
            default: *pixel = (x / (int32_t)a + y / (int32_t)(b + 1)) & 1 ? 255 : 0; break;
            }
            *pixel ^= noise & (uint8_t)(b >> 2);
        }
}

/* One stage, copied out into too little, just enough or more memory. */
static void *wish(input_t *in, civid_capture_t *capture) {
    static arena_t room;
    const uint32_t how = take(in, 1);
    capture->stage = (int32_t)(how % (CIVID_STAGE_COUNT + 1));
    capture->capacity = (uint64_t)(how >> 4) * 2048;
    return capture->data = lend(&room, capture->capacity);
}

/* Fields in their ranges, mostly: any of the four, of the right size or one too wide. Returns whether
 * they are as the header wants them. */
static int32_t give(input_t *in, int32_t width, int32_t height, civid_fields_t *fields) {
    static arena_t room[4];
    const uint32_t which = take(in, 1), spread = take(in, 1);
    const int32_t across = (width + 7) / 8, blocks = across * ((height + 7) / 8);
    float *cosine = lend(&room[0], (uint64_t)blocks * sizeof(float));
    float *sine = lend(&room[1], (uint64_t)blocks * sizeof(float));
    float *period = lend(&room[2], (uint64_t)blocks * sizeof(float));
    uint8_t *mask = lend(&room[3], (uint64_t)blocks);
    int32_t right = 1;
    for (int32_t b = 0; b < blocks; b++) {
        const uint32_t bits = in->left ? in->at[(size_t)b % in->left] : spread;
        cosine[b] = (float)((int32_t)(bits % 17) - 8) / 8, sine[b] = (float)(bits / 17) / 16;
        period[b] = 4 + (float)(bits % 65) / 4, mask[b] = (uint8_t)(bits >> 3 & spread);
    }
    const float bad[4] = {3.9f, 20.5f, -1e30f, (float)NAN};
    if (which >> 5 & 1) period[blocks - 1] = bad[spread % 4];
    if (which >> 6 & 1) sine[blocks - 1] = bad[spread % 4];
    *fields = (civid_fields_t){.blocks_x = across + (which >> 7 && spread == 0),
                               .blocks_y = (height + 7) / 8,
                               .look_again = which >> 4 & 1,
                               .cosine = which & 1 ? cosine : NULL,
                               .sine = which & 1 ? sine : NULL,
                               .period = which >> 1 & 1 ? period : NULL,
                               .mask = which >> 2 & 1 ? mask : NULL};
    if (fields->period && which >> 5 & 1) right = 0;
    if (fields->sine && which >> 6 & 1) right = 0;
    return right && fields->blocks_x == across;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static arena_t pixels_of, workspace_of, minutiae_of, prepared_of;
    input_t in = {data, size};
    const uint32_t which = take(&in, 1), more = take(&in, 2);
    /* Mostly such that something is left at 500 dpi. */
    const double dpi = which % 8 == 0   ? 90.0 + more % 4000
                       : which % 8 == 1 ? 400.0 + more % 300
                                        : 500.0;
    const int32_t width = LEAST + (int32_t)(take(&in, 2) % (LARGEST - LEAST));
    const int32_t height = LEAST + (int32_t)(take(&in, 2) % (LARGEST - LEAST));
    const int32_t stride = width + (int32_t)(take(&in, 1) % 8);
    const int32_t capacity = (int32_t)(take(&in, 2) % 300);

    int32_t out_width = 0, out_height = 0;
    uint64_t bytes = 0;
    const int32_t learned = (which & 0x90) == 0x10; /* never with fields */
    const civid_status status =
        (learned ? civid_extract_learned_size : civid_extract_size)(width, height, dpi, &out_width,
                                                                    &out_height, &bytes);
    REQUIRE(status >= CIVID_OK && status <= CIVID_E_CALIBRATION);
    if (status != CIVID_OK) return 0;
    if (out_width * out_height > CIVID_MIN_SIDE * LARGEST) return 0;

    const uint64_t span = (uint64_t)(height - 1) * (uint64_t)stride + (uint64_t)width;
    uint8_t *pixels = lend(&pixels_of, span);
    void *workspace = lend(&workspace_of, bytes); /* with what the last run left in it */
    civid_minutia_t *minutiae = lend(&minutiae_of, (uint64_t)capacity * sizeof *minutiae);
    civid_capture_t capture;
    const int32_t captures = which >> 5 & 1;
    if (captures) (void)wish(&in, &capture);
    civid_fields_t fields_given;
    const int32_t with_fields = which >> 7 & 1;
    const int32_t right = !with_fields || give(&in, out_width, out_height, &fields_given);
    fill(&in, pixels, width, height, stride);

    /* One field anywhere in its range, or beyond it. */
    civid_extraction_t parameters;
    const int32_t given = which >> 6 & 1;
    int32_t fields;
    uint64_t of_them;
    REQUIRE(civid_parameters_size(CIVID_PARAMETERS_EXTRACTION, &fields, &of_them) == CIVID_OK);
    const int32_t changed = (int32_t)more % fields;
    const char *name;
    int32_t kind, wrong;
    double least, most;
    REQUIRE(civid_parameters_defaults(CIVID_PARAMETERS_EXTRACTION, &parameters,
                                      sizeof parameters) == CIVID_OK);
    REQUIRE(civid_parameters_field(CIVID_PARAMETERS_EXTRACTION, changed, &name, &kind, &least,
                                   &most) == CIVID_OK);
    const int32_t whole = kind == CIVID_KEPT_INT32;
    const float value = (float)(least + (most - least) * ((double)(more >> 8) - 20.0) / 215.0);
    const int32_t rounded = (int32_t)value;
    memcpy((unsigned char *)&parameters + 4 * changed, whole ? (const void *)&rounded : &value, 4);
    const civid_status allowed = civid_parameters_check(CIVID_PARAMETERS_EXTRACTION, &parameters,
                                                        sizeof parameters, &wrong);
    REQUIRE(allowed == CIVID_OK || (allowed == CIVID_E_VALUE && name != NULL));

    civid_print_t print;
    civid_figures_t figures;
    const civid_extraction_t *asked = given ? &parameters : NULL;
    const civid_status done =
        learned ? civid_extract_learned(pixels, width, height, stride, dpi, asked, workspace, bytes,
                                        minutiae, capacity, &print, &figures, &capture, captures)
                : civid_extract_with_fields(pixels, width, height, stride, dpi, asked,
                                            with_fields ? &fields_given : NULL, workspace, bytes,
                                            minutiae, capacity, &print, &figures, &capture, captures);
    if (given && allowed != CIVID_OK) {
        REQUIRE(done == CIVID_E_VALUE);
        return 0;
    }
    if (captures && capture.stage >= CIVID_STAGE_COUNT) return 0;
    if (captures && capture.stage == CIVID_STAGE_FEATURES && !learned) {
        REQUIRE(done == CIVID_E_VALUE);
        return 0;
    }
    if (!right) {
        REQUIRE(done == CIVID_E_VALUE || done == CIVID_E_DIMENSIONS);
        return 0;
    }
    if (captures && (done == CIVID_E_CAPACITY || capture.stage >= CIVID_STAGE_COUNT)) return 0;
    REQUIRE(done == CIVID_OK);
    REQUIRE(print.width == out_width && print.height == out_height);
    REQUIRE(print.minutiae >= 0 && print.minutiae <= capacity);
    REQUIRE(print.minutiae <= CIVID_MAX_MINUTIAE);
    REQUIRE(print.quality >= 0 && print.quality <= 100);
    REQUIRE(print.foreground >= 0 && print.foreground <= 1);
    REQUIRE(figures.ridge_px >= 0 && figures.valley_px >= 0);
    REQUIRE(figures.ridge_px + figures.valley_px <= out_width * out_height);
    REQUIRE(figures.light_px >= 0 && figures.light_px <= figures.line_px);
    REQUIRE(figures.pieces[1].blocks <= figures.pieces[0].blocks);
    for (int32_t i = 0; i < print.minutiae; i++) {
        const civid_minutia_t *m = &minutiae[i];
        REQUIRE(m->x >= 0 && m->x < (float)out_width);
        REQUIRE(m->y >= 0 && m->y < (float)out_height);
        REQUIRE(m->angle >= 0 && m->angle < 6.2831855f);
        REQUIRE(m->kind <= CIVID_KIND_BIFURCATION && m->quality <= 100);
    }
    /* Whatever is found can be compared. */
    uint64_t size_of = 0;
    REQUIRE(civid_prepared_size(print.minutiae, &size_of) == CIVID_OK);
    void *prepared = lend(&prepared_of, size_of);
    REQUIRE(civid_prepare(minutiae, print.minutiae, 0, prepared, size_of) == CIVID_OK);
    return 0;
}
