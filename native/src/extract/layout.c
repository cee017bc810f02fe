/* layout.c - how large everything is, and where it lies in the caller's workspace. */
#include <stddef.h>

#include "extract/extract_stages.h"
#include "extract/learned/field_features.h"
#include "extract/learned/fields_network.h"

enum { LINE = 64 }; /* bytes of the cache */
#define ENDINGS_BYTES (MAX_ENDINGS * 12u) /* the runs become endings later */

static void *take(unsigned char *base, uint64_t *used, uint64_t bytes) {
    void *at = base ? base + *used : NULL;
    *used += (bytes + LINE - 1) / LINE * LINE;
    return at;
}

void civid__output_size(int32_t width, int32_t height, double dpi, int32_t *out_width,
                        int32_t *out_height) {
    const double w = width * 500.0 / dpi + 0.5, h = height * 500.0 / dpi + 0.5;
    *out_width = w < 1e6 ? (int32_t)w : 1000000;
    *out_height = h < 1e6 ? (int32_t)h : 1000000;
}

static civid__plane_t plane(const civid__frame_t *f, unsigned char *base, uint64_t *used) {
    /* One more padding on the right keeps a full register readable past the last pixel. */
    const int32_t stride = (f->blocks_x * CIVID__BLOCK_PX + 2 * CIVID__PAD_PX + 31) / 32 * 32;
    const uint64_t rows = (uint64_t)(f->blocks_y * CIVID__BLOCK_PX + 2 * CIVID__PAD_PX);
    int16_t *start = take(base, used, rows * (uint64_t)stride * sizeof(int16_t));
    const ptrdiff_t inset = (ptrdiff_t)CIVID__PAD_PX * stride + CIVID__PAD_PX;
    return (civid__plane_t){start ? start + inset : NULL, stride};
}

static civid__tensor_t tensor(uint64_t map, unsigned char *base, uint64_t *used) {
    civid__tensor_t t;
    t.cosine = take(base, used, map);
    t.sine = take(base, used, map);
    t.energy = take(base, used, map);
    return t;
}

uint64_t civid__layout(civid__frame_t *f, int32_t in_width, int32_t in_height, double dpi,
                       int32_t learned, void *base) {
    unsigned char *b = base;
    uint64_t used = 0;
    *f = (civid__frame_t){0};
    civid__output_size(in_width, in_height, dpi, &f->width, &f->height);
    f->blocks_x = (f->width + CIVID__BLOCK_PX - 1) / CIVID__BLOCK_PX;
    f->blocks_y = (f->height + CIVID__BLOCK_PX - 1) / CIVID__BLOCK_PX;
    f->blocks = f->blocks_x * f->blocks_y;
    f->cells_x = f->blocks_x * (CIVID__BLOCK_PX / CIVID__CELL_PX);
    f->cells_y = f->blocks_y * (CIVID__BLOCK_PX / CIVID__CELL_PX);
    f->period_x = (f->blocks_x + PERIOD_STEP - 1) / PERIOD_STEP;
    f->period_y = (f->blocks_y + PERIOD_STEP - 1) / PERIOD_STEP;
    f->words = (f->width + 63) / 64 + 2;
    f->ink_stride = f->width + 2;

    const uint64_t map = (uint64_t)f->blocks * sizeof(float);
    const uint64_t signatures = (uint64_t)(f->period_x * f->period_y) * sizeof(float);
    const uint64_t pixels = (uint64_t)f->width * (uint64_t)f->height;
    const uint64_t ink = (uint64_t)f->ink_stride * (uint64_t)(f->height + 2);
    const uint64_t bits = (uint64_t)f->words * (uint64_t)(f->height + 2) * sizeof(uint64_t);
    const uint64_t columns =
        (uint64_t)(f->blocks_x * CIVID__BLOCK_PX + 2 * CIVID__PAD_PX) * 8 * sizeof(int32_t);

    f->grey = take(b, &used, pixels);
    f->normal = plane(f, b, &used);
    f->enhanced = plane(f, b, &used);
    f->mean = take(b, &used, map);
    f->deviation = take(b, &used, map);
    f->mask = take(b, &used, (uint64_t)f->blocks);
    f->mask_wide = take(b, &used, (uint64_t)f->blocks);
    f->scratch = take(b, &used, map * 8);
    f->smoothing = take(b, &used, map);
    f->raw = tensor(map, b, &used);
    f->smooth = tensor(map, b, &used);
    f->energy = take(b, &used, map);
    f->cosine = take(b, &used, map);
    f->sine = take(b, &used, map);
    f->coherence = take(b, &used, map);
    f->agreement = take(b, &used, map);
    f->ridgeness = take(b, &used, map);
    f->period = take(b, &used, map);
    f->period_raw = take(b, &used, signatures);
    f->period_trust = take(b, &used, signatures);
    f->quality = take(b, &used, (uint64_t)f->blocks);
    f->context = take(b, &used, (uint64_t)f->cells_x * (uint64_t)f->cells_y * sizeof(uint16_t));
    f->bank = take(b, &used,
                   (uint64_t)ORIENTATIONS * PERIODS * KERNEL_ROWS * KERNEL_STRIDE * sizeof(int16_t));
    f->bank_used = take(b, &used, ORIENTATIONS * PERIODS);
    f->ink = take(b, &used, ink);
    f->bits_a = take(b, &used, bits);
    f->bits_b = take(b, &used, bits);
    /* Runs: at most (width / 2 + 1) a row of one value; 16 bytes each. */
    const uint64_t runs = (uint64_t)(f->width / 2 + 2) * (uint64_t)f->height * 16;
    f->runs = take(b, &used, runs > ENDINGS_BYTES ? runs : ENDINGS_BYTES);
    f->columns = take(b, &used, columns);
    f->weights = take(b, &used, (uint64_t)f->width * (RESAMPLE_MAX_TAPS + 2) * sizeof(int16_t));
    f->ring = take(b, &used, (uint64_t)f->width * (RESAMPLE_MAX_TAPS + 2) * sizeof(int16_t));
    f->minutiae = take(b, &used, MAX_RAW * sizeof(civid_minutia_t));
    if (learned) {
        const uint64_t network = civid__fields_workspace(f->blocks_x, f->blocks_y);
        const uint64_t spectrum = civid__energies_work(f->blocks_x, f->blocks_y);
        f->features = take(b, &used, map * FIELD_FEATURES);
        f->room = take(b, &used, (network > spectrum ? network : spectrum) * sizeof(float));
        f->learned_cosine = take(b, &used, map);
        f->learned_sine = take(b, &used, map);
        f->first_mask = take(b, &used, (uint64_t)f->blocks);
    }
    return used;
}
