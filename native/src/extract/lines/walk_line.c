/* walk_line.c - follow a one-pixel line. */
#include "extract/lines/skeleton.h"

int32_t civid__branches(const civid__frame_t *f, int32_t x, int32_t y, int32_t out[8]) {
    const uint8_t *p = civid__ink(f, x, y);
    int32_t n = 0;
    for (int32_t k = 0; k < 8; k++) {
        if (!p[civid__dy[k] * f->ink_stride + civid__dx[k]]) continue;
        /* Of pixels that touch each other, the one that shares an edge stands for all. */
        const int32_t b = (k + 7) & 7, a = (k + 1) & 7;
        const int32_t before = p[civid__dy[b] * f->ink_stride + civid__dx[b]];
        const int32_t after = p[civid__dy[a] * f->ink_stride + civid__dx[a]];
        if (k % 2 == 1 && (before || after)) continue;
        out[n++] = k;
    }
    return n;
}

void civid__walk_line(const civid__frame_t *f, int32_t x, int32_t y, int32_t first, int32_t steps,
                      civid__walk_t *walk) {
    const int32_t s = f->ink_stride;
    if (steps > CIVID__WALK_MAX) steps = CIVID__WALK_MAX;
    walk->points[0] = (civid__point_t){(int16_t)x, (int16_t)y};
    walk->count = 1;
    walk->stop = CIVID__WALK_STOP_LENGTH;
    int32_t came = first;
    x += civid__dx[first], y += civid__dy[first];
    while (walk->count <= steps) {
        walk->points[walk->count++] = (civid__point_t){(int16_t)x, (int16_t)y};
        const uint8_t *p = civid__ink(f, x, y);
        const int32_t lines = civid__crossings(p, s);
        if (lines != 2) {
            walk->stop = lines > 2 ? CIVID__WALK_STOP_JUNCTION : CIVID__WALK_STOP_END;
            return;
        }
        /* Straight on first, then ever sharper turns; not back to where it came from, nor to a
         * pixel beside that. */
        static const int32_t turn[5] = {0, 1, 7, 2, 6};
        int32_t next = -1;
        for (int32_t k = 0; k < 5 && next < 0; k++) {
            const int32_t d = (came + turn[k]) & 7;
            const int32_t bx = x + civid__dx[d], by = y + civid__dy[d];
            const int32_t px = walk->points[walk->count - 2].x, py = walk->points[walk->count - 2].y;
            if (!*civid__ink(f, bx, by)) continue;
            if (bx - px <= 1 && px - bx <= 1 && by - py <= 1 && py - by <= 1) continue;
            next = d;
        }
        if (next < 0) {
            walk->stop = CIVID__WALK_STOP_END;
            return;
        }
        came = next;
        x += civid__dx[next], y += civid__dy[next];
    }
}
