/* skeleton.h - walking on one-pixel lines. */
#ifndef CIVID_EXTRACT_SKELETON_H
#define CIVID_EXTRACT_SKELETON_H

#include <string.h>

#include "extract/extract_stages.h"

/* Offsets of the neighbours, clockwise from east; even ones share an edge. */
static const int8_t civid__dx[8] = {1, 1, 0, -1, -1, -1, 0, 1};
static const int8_t civid__dy[8] = {0, 1, 1, 1, 0, -1, -1, -1};

static inline uint8_t *civid__ink(const civid__frame_t *f, int32_t x, int32_t y) {
    return f->ink + (int64_t)(y + 1) * f->ink_stride + x + 1;
}

/* How many lines leave a pixel: changes from ground to ink on the way round it. 1 = an end,
 * 2 = a line, 3 and more = a junction. */
static inline int32_t civid__crossings(const uint8_t *p, int32_t s) {
    const int32_t v[9] = {p[1], p[s + 1], p[s], p[s - 1], p[-1], p[-s - 1], p[-s], p[1 - s], p[1]};
    int32_t n = 0;
    for (int32_t k = 0; k < 8; k++) n += (v[k] == 0) & v[k + 1];
    return n;
}

/* The next column from x on with ink, or width: most of a skeleton is ground. */
static inline int32_t civid__next_ink(const uint8_t *row, int32_t x, int32_t width) {
    for (uint64_t eight; x + 8 <= width; x += 8) {
        memcpy(&eight, row + x, sizeof eight);
        if (eight) break;
    }
    while (x < width && !row[x]) x++;
    return x;
}

typedef struct {
    int16_t x, y;
} civid__point_t;

#define CIVID__WALK_STOP_LENGTH 0   /* still on the line */
#define CIVID__WALK_STOP_END 1      /* the line ends at the last point */
#define CIVID__WALK_STOP_JUNCTION 2 /* the last point is a junction */

#define CIVID__WALK_MAX 64

typedef struct {
    int32_t count; /* points; the start is the first */
    int32_t stop;
    civid__point_t points[CIVID__WALK_MAX + 1];
} civid__walk_t;

/* From (x, y) over its neighbour in direction first (0..7) along the line, at most steps points
 * further. */
void civid__walk_line(const civid__frame_t *f, int32_t x, int32_t y, int32_t first, int32_t steps,
                      civid__walk_t *walk);

/* Directions in which lines leave a pixel, one for each; returns how many. */
int32_t civid__branches(const civid__frame_t *f, int32_t x, int32_t y, int32_t out[8]);

#endif
