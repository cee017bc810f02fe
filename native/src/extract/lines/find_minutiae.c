/* find_minutiae.c - ends and junctions of the skeleton, with the direction of ISO/IEC 19794-2: an
 * ending points along its ridge, a bifurcation along the valley between its branches.
 *
 * The field of orientations knows the angle better than a few pixels of line; the lines tell which
 * of the two ways. */
#include <string.h>

#include "extract/lines/skeleton.h"

/* Unit vector (y up) from a pixel along one of its lines; 0 when there is no line. */
static void heading(const civid__frame_t *f, int32_t x, int32_t y, int32_t branch, float out[2]) {
    civid__walk_t w;
    civid__walk_line(f, x, y, branch, DIRECTION_REACH, &w);
    float dx = 0, dy = 0;
    for (int32_t i = 1; i < w.count; i++) {
        dx += (float)(w.points[i].x - x);
        dy -= (float)(w.points[i].y - y);
    }
    const float length = sqrtf(dx * dx + dy * dy);
    out[0] = length > 0 ? dx / length : 0;
    out[1] = length > 0 ? dy / length : 0;
}

static void direction(const civid__frame_t *f, int32_t x, int32_t y, const int32_t *branches,
                      int32_t n, float out[2]) {
    float h[3][2];
    for (int32_t k = 0; k < n; k++) heading(f, x, y, branches[k], h[k]);
    out[0] = h[0][0], out[1] = h[0][1];
    if (n < 3) return;
    int32_t stem = 0; /* the other two are closest to each other */
    float best = -2;
    for (int32_t k = 0; k < 3; k++) {
        const float *a = h[(k + 1) % 3], *b = h[(k + 2) % 3];
        const float dot = a[0] * b[0] + a[1] * b[1];
        if (dot > best) best = dot, stem = k;
    }
    for (int32_t i = 0; i < 2; i++)
        out[i] = h[(stem + 1) % 3][i] + h[(stem + 2) % 3][i] - h[stem][i];
}

/* Angle of the smoothed field at a pixel, interpolated between blocks, on the side of the given
 * vector. */
static float settle(const civid__frame_t *f, int32_t x, int32_t y, const float towards[2]) {
    const float u = ((float)x - 3.5f) / CIVID__BLOCK_PX + 1.0f;
    const float v = ((float)y - 3.5f) / CIVID__BLOCK_PX + 1.0f;
    const int32_t right = (int32_t)u, below = (int32_t)v;
    const float wx = u - (float)right, wy = v - (float)below;
    const int32_t x0 = right > 0 ? right - 1 : 0, y0 = below > 0 ? below - 1 : 0;
    const int32_t x1 = right < f->blocks_x ? right : f->blocks_x - 1;
    const int32_t y1 = below < f->blocks_y ? below : f->blocks_y - 1;
    const int32_t at[4] = {y0 * f->blocks_x + x0, y0 * f->blocks_x + x1, y1 * f->blocks_x + x0,
                           y1 * f->blocks_x + x1};
    const float weight[4] = {(1 - wx) * (1 - wy), wx * (1 - wy), (1 - wx) * wy, wx * wy};
    float cosine = 0, sine = 0;
    for (int32_t k = 0; k < 4; k++) {
        cosine += weight[k] * f->smooth.cosine[at[k]];
        sine += weight[k] * f->smooth.sine[at[k]];
    }
    float angle = civid__atan2(sine, cosine) * 0.5f, s, c;
    civid__sincos(angle, &s, &c);
    if (c * towards[0] + s * towards[1] < 0) angle += CIVID_PI;
    if (angle < 0) angle += CIVID_TWO_PI;
    return angle >= CIVID_TWO_PI ? 0 : angle;
}

void civid__find_minutiae(civid__frame_t *f) {
    f->count = 0;
    memcpy(f->smooth.cosine, f->cosine, (size_t)f->blocks * sizeof(float));
    memcpy(f->smooth.sine, f->sine, (size_t)f->blocks * sizeof(float));
    civid__smooth_blocks(f, f->smooth.cosine, f->blocks_x, f->blocks_y, DIRECTION_SIGMA);
    civid__smooth_blocks(f, f->smooth.sine, f->blocks_x, f->blocks_y, DIRECTION_SIGMA);
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *p = civid__ink(f, 0, y);
        for (int32_t x = 0; (x = civid__next_ink(p, x, f->width)) < f->width; x++) {
            if (f->count == MAX_RAW) return;
            const int32_t lines = civid__crossings(p + x, f->ink_stride);
            if (lines != 1 && lines != 3) continue;
            int32_t branches[8];
            const int32_t n = civid__branches(f, x, y, branches);
            if (n != lines) continue;
            float towards[2];
            direction(f, x, y, branches, n, towards);
            if (towards[0] == 0 && towards[1] == 0) continue;
            f->minutiae[f->count++] = (civid_minutia_t){
                .x = (float)x,
                .y = (float)y,
                .angle = settle(f, x, y, towards),
                .kind = lines == 1 ? CIVID_KIND_ENDING : CIVID_KIND_BIFURCATION,
            };
        }
    }
}
