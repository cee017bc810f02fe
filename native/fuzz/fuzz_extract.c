/* Any image of any size and resolution: no crash, and minutiae that are inside the image. */
#include "fuzz.h"

/* Keeps one input below a tenth of a second. */
#define LARGEST 400

static void fill(input_t *in, uint8_t *pixels, int32_t width, int32_t height) {
    const uint32_t kind = take(in, 1) % 4, a = take(in, 1) + 1, b = take(in, 1);
    const int32_t count = width * height;
    for (int32_t i = 0; i < count; i++) {
        const int32_t x = i % width, y = i / width;
        switch (kind) {
        case 0: pixels[i] = (uint8_t)(in->left ? in->at[(size_t)i % in->left] : 0); break;
        case 1: pixels[i] = (uint8_t)((x * (int32_t)a + y * (int32_t)b) >> 2); break; /* ridges */
        case 2: pixels[i] = (uint8_t)(x * x / (int32_t)a + y * y / (int32_t)(b + 1)); break;
        default: pixels[i] = (x / (int32_t)a + y / (int32_t)(b + 1)) & 1 ? 255 : 0; break;
        }
        /* noise on top of the pattern */
        if (in->left && kind) pixels[i] ^= in->at[(size_t)i % in->left] & (uint8_t)(b >> 2);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input_t in = {data, size};
    const uint32_t which = take(&in, 1) % 4, more = take(&in, 2);
    /* Mostly such that something is left at 500 dpi. */
    const double dpi = which == 0 ? 90.0 + more % 4000 : which == 1 ? 300.0 + more % 700 : 500.0;
    const int32_t width = (int32_t)(take(&in, 2) % LARGEST);
    const int32_t height = (int32_t)(take(&in, 2) % LARGEST);
    const int32_t stride = width + (int32_t)(take(&in, 1) % 8);
    const int32_t capacity = (int32_t)(take(&in, 2) % 300);

    int32_t out_width = 0, out_height = 0;
    uint64_t bytes = 0;
    const civid_status status =
        civid_extract_size(width, height, dpi, &out_width, &out_height, &bytes);
    REQUIRE(status >= CIVID_OK && status <= CIVID_E_ISA);
    if (status != CIVID_OK) return 0;
    if ((int64_t)out_width * out_height > LARGEST * LARGEST) return 0;

    uint8_t *tight = malloc((size_t)width * (size_t)height);
    const size_t span = (size_t)(height - 1) * (size_t)stride + (size_t)width;
    uint8_t *pixels = malloc(span);
    void *workspace = aligned_alloc(64, (size_t)bytes);
    civid_minutia_t *minutiae = malloc((size_t)(capacity ? capacity : 1) * sizeof *minutiae);
    if (!tight || !pixels || !workspace || !minutiae) abort();
    fill(&in, tight, width, height);
    memset(pixels, 0, span);
    for (int32_t y = 0; y < height; y++)
        memcpy(pixels + (size_t)y * (size_t)stride, tight + (size_t)y * (size_t)width,
               (size_t)width);
    memset(workspace, (int)(size & 0xff), (size_t)bytes);

    civid_print_t print;
    REQUIRE(civid_extract(pixels, width, height, stride, dpi, workspace, bytes, minutiae, capacity,
                          &print, NULL, 0) == CIVID_OK);
    REQUIRE(print.width == out_width && print.height == out_height);
    REQUIRE(print.minutiae >= 0 && print.minutiae <= capacity);
    REQUIRE(print.minutiae <= CIVID_MAX_MINUTIAE);
    REQUIRE(print.quality >= 0 && print.quality <= 100);
    REQUIRE(print.foreground >= 0 && print.foreground <= 1);
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
    void *prepared = aligned_alloc(64, (size_t)size_of);
    if (!prepared) abort();
    REQUIRE(civid_prepare(minutiae, print.minutiae, prepared, size_of) == CIVID_OK);
    free(prepared);
    free(minutiae);
    free(workspace);
    free(pixels);
    free(tight);
    return 0;
}
