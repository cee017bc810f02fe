/* blocks.c - small tools on maps with one value a block. */
#include <string.h>

#include "extract/extract_stages.h"

enum { MAX_RADIUS = 16 }; /* blocks */

void civid__smooth_blocks(const civid__frame_t *f, float *map, int32_t width, int32_t height,
                          float sigma) {
    float w[2 * MAX_RADIUS + 1], sum = 0;
    float line[CIVID_MAX_SIDE / CIVID__BLOCK_PX + 1 + 2 * MAX_RADIUS];
    float *rows = f->smoothing; /* the map after the first direction */
    int32_t radius = (int32_t)(2.5f * sigma + 0.5f);
    if (radius > MAX_RADIUS) radius = MAX_RADIUS;
    for (int32_t k = -radius; k <= radius; k++) {
        const float t = (float)k / sigma;
        sum += w[k + radius] = civid__expf(-0.5f * t * t);
    }
    for (int32_t k = 0; k <= 2 * radius; k++) w[k] /= sum;
    memset(line, 0, sizeof line);
    for (int32_t y = 0; y < height; y++) {
        float *out = rows + y * width;
        memcpy(line + radius, map + y * width, (size_t)width * sizeof *line);
        memset(line + radius + width, 0, (size_t)radius * sizeof *line);
        for (int32_t x = 0; x < width; x++) out[x] = 0;
        for (int32_t k = 0; k <= 2 * radius; k++)
            for (int32_t x = 0; x < width; x++) out[x] += w[k] * line[x + k];
    }
    for (int32_t y = 0; y < height; y++) {
        float *out = map + y * width;
        const int32_t low = y < radius ? -y : -radius;
        const int32_t high = y + radius < height ? radius : height - 1 - y;
        for (int32_t x = 0; x < width; x++) out[x] = 0;
        for (int32_t k = low; k <= high; k++) {
            const float *in = rows + (y + k) * width, v = w[k + radius];
            for (int32_t x = 0; x < width; x++) out[x] += v * in[x];
        }
    }
}

void civid__dilate(const uint8_t *in, uint8_t *out, int32_t width, int32_t height, int32_t by) {
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) {
            uint8_t any = 0;
            for (int32_t v = y - by < 0 ? 0 : y - by; v <= y + by && v < height; v++)
                for (int32_t u = x - by < 0 ? 0 : x - by; u <= x + by && u < width; u++)
                    any |= in[v * width + u];
            out[y * width + x] = any;
        }
}

void civid__drop_pieces(uint8_t *map, int32_t width, int32_t height, uint8_t value,
                        int32_t min_area, int32_t *work) {
    const int32_t n = width * height;
    int32_t *stack = work, *seen = work + n; /* stack keeps every block of the piece */
    for (int32_t i = 0; i < n; i++) seen[i] = map[i] != value;
    for (int32_t i = 0; i < n; i++) {
        if (seen[i]) continue;
        int32_t count = 0, open = 0; /* open: ground that goes on beyond the image is no hole */
        stack[count++] = i, seen[i] = 1;
        for (int32_t head = 0; head < count; head++) {
            const int32_t at = stack[head], x = at % width, y = at / width;
            open |= value == 0 && (x == 0 || y == 0 || x == width - 1 || y == height - 1);
            const int32_t next[4] = {x > 0 ? at - 1 : at, x < width - 1 ? at + 1 : at,
                                     y > 0 ? at - width : at, y < height - 1 ? at + width : at};
            for (int32_t k = 0; k < 4; k++)
                if (!seen[next[k]]) seen[next[k]] = 1, stack[count++] = next[k];
        }
        if (count < min_area && !open)
            for (int32_t k = 0; k < count; k++) map[stack[k]] = (uint8_t)(1 - value);
    }
}

void civid__clear(const civid__frame_t *f, civid__plane_t p) {
    const uint64_t rows = (uint64_t)(f->blocks_y * CIVID__BLOCK_PX + 2 * CIVID__PAD_PX);
    memset(p.origin - (int64_t)CIVID__PAD_PX * p.stride - CIVID__PAD_PX, 0,
           (size_t)(rows * (uint64_t)p.stride) * sizeof(int16_t));
}
