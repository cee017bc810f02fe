/* capture.c - copy a finished stage out for pictures and debugging. */
#include <string.h>

#include "extract/extract_stages.h"
#include "extract/learned/field_features.h"

static const char *const names[CIVID_STAGE_COUNT] = {
    "resampled", "mask",   "normalized", "orientation",  "coherence", "period",
    "enhanced",  "binary", "skeleton",   "raw_minutiae", "quality", "features"};

const char *civid_stage_name(int32_t stage) {
    return stage >= 0 && stage < CIVID_STAGE_COUNT ? names[stage] : NULL;
}

static void copy_plane(const civid__frame_t *f, civid__plane_t p, int8_t *out) {
    for (int32_t y = 0; y < f->height; y++)
        for (int32_t x = 0; x < f->width; x++)
            *out++ = (int8_t)p.origin[(int64_t)y * p.stride + x];
}

static void copy_bytes(const civid__frame_t *f, int32_t stage, uint8_t *out) {
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *ink = f->ink + (int64_t)(y + 1) * f->ink_stride + 1;
        for (int32_t x = 0; x < f->width; x++) {
            const int32_t on = stage == CIVID_STAGE_MASK ? f->mask[civid__block(f, x, y)] : ink[x];
            *out++ = on ? 255 : 0;
        }
    }
}

static void copy_orientation(const civid__frame_t *f, float *out) {
    for (int32_t b = 0; b < f->blocks; b++) {
        const float angle = civid__atan2(f->sine[b], f->cosine[b]) * 0.5f;
        out[b] = angle < 0 ? angle + CIVID_PI : angle;
    }
}

static void copy(const civid__frame_t *f, int32_t stage, void *out) {
    const size_t blocks = (size_t)f->blocks;
    switch (stage) {
    case CIVID_STAGE_RESAMPLED: memcpy(out, f->grey, (size_t)f->width * (size_t)f->height); break;
    case CIVID_STAGE_NORMALIZED: copy_plane(f, f->normal, out); break;
    case CIVID_STAGE_ENHANCED: copy_plane(f, f->enhanced, out); break;
    case CIVID_STAGE_ORIENTATION: copy_orientation(f, out); break;
    case CIVID_STAGE_COHERENCE: memcpy(out, f->coherence, blocks * sizeof(float)); break;
    case CIVID_STAGE_PERIOD: memcpy(out, f->period, blocks * sizeof(float)); break;
    case CIVID_STAGE_QUALITY: memcpy(out, f->quality, blocks); break;
    case CIVID_STAGE_FEATURES:
        memcpy(out, f->features, blocks * FIELD_FEATURES * sizeof(float));
        break;
    case CIVID_STAGE_RAW_MINUTIAE:
        memcpy(out, f->minutiae, (size_t)f->count * sizeof *f->minutiae);
        break;
    default: copy_bytes(f, stage, out); break;
    }
}

civid_status civid__capture(const civid__frame_t *f, int32_t stage, civid_capture_t *captures,
                            int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        civid_capture_t *c = &captures[i];
        if (c->stage != stage) continue;
        int32_t width = f->width, height = f->height, size = 1;
        switch (stage) {
        case CIVID_STAGE_ORIENTATION:
        case CIVID_STAGE_COHERENCE:
        case CIVID_STAGE_PERIOD: width = f->blocks_x, height = f->blocks_y, size = 4; break;
        case CIVID_STAGE_QUALITY: width = f->blocks_x, height = f->blocks_y; break;
        case CIVID_STAGE_FEATURES:
            width = f->blocks_x, height = f->blocks_y * FIELD_FEATURES, size = 4;
            break;
        case CIVID_STAGE_RAW_MINUTIAE:
            width = f->count, height = 1, size = (int32_t)sizeof(civid_minutia_t);
            break;
        default: break;
        }
        const uint64_t bytes = (uint64_t)width * (uint64_t)height * (uint64_t)size;
        if (c->capacity < bytes) return CIVID_E_CAPACITY;
        if (!c->data && bytes > 0) return CIVID_E_NULL;
        c->width = width, c->height = height, c->item_size = size;
        if (bytes > 0) copy(f, stage, c->data);
    }
    return CIVID_OK;
}
