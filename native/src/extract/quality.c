/* quality.c - how far blocks, minutiae and the print can be trusted. */
#include "extract/extract_stages.h"

static float clip(float v) { return v < 0 ? 0 : v > 1 ? 1 : v; }

void civid__block_quality(civid__frame_t *f) {
    const float least = f->parameters.ridge_share;
    for (int32_t b = 0; b < f->blocks; b++) {
        const float ridge = clip((f->ridgeness[b] - least) / (RIDGE_FULL - least));
        const float steady = clip(f->agreement[b]);
        const float q = f->mask[b] ? 100.0f * sqrtf(ridge) * steady * f->coherence[b] : 0;
        f->quality[b] = (uint8_t)(q + 0.5f);
    }
}

void civid__minutia_quality(civid__frame_t *f) {
    for (int32_t i = 0; i < f->count; i++) {
        civid_minutia_t *m = &f->minutiae[i];
        const int32_t bx = (int32_t)m->x / CIVID__BLOCK_PX, by = (int32_t)m->y / CIVID__BLOCK_PX;
        int32_t sum = 0;
        for (int32_t y = by - 1; y <= by + 1; y++)
            for (int32_t x = bx - 1; x <= bx + 1; x++)
                if (x >= 0 && y >= 0 && x < f->blocks_x && y < f->blocks_y)
                    sum += f->quality[y * f->blocks_x + x]; /* 0 outside: the border counts */
        const int32_t q = (sum + 4) / 9;
        m->quality = (uint8_t)(q < 1 ? 1 : q > 100 ? 100 : q);
    }
    int32_t n = 0;
    for (int32_t i = 0; i < f->count; i++)
        if (f->minutiae[i].quality >= f->parameters.least_quality) f->minutiae[n++] = f->minutiae[i];
    f->count = n;
}

int32_t civid__print_quality(const civid__frame_t *f) {
    int32_t area = 0, sum = 0;
    float weight = 0;
    for (int32_t b = 0; b < f->blocks; b++)
        if (f->mask[b]) area++, sum += f->quality[b];
    for (int32_t i = 0; i < f->count; i++) weight += (float)f->minutiae[i].quality * 0.01f;
    if (area == 0) return 0;
    const float mean = (float)sum / (float)area * 0.01f;
    const float enough = 1.0f - civid__expf(-weight / QUALITY_MINUTIAE);
    return (int32_t)(100.0f * sqrtf(mean) * enough + 0.5f);
}
