/* remove_specks.c - small islands of ink vanish and small holes fill: connected runs of pixels,
 * joined by union-find (8-connected ink, 4-connected ground). */
#include "extract/extract_stages.h"

typedef struct {
    uint16_t start, end; /* columns, end exclusive */
    uint16_t row;
    int32_t parent;      /* index of a run of the same piece, itself for the root */
    int32_t area;        /* of the piece, at its root */
} run;

static int32_t root(run *runs, int32_t i) {
    while (runs[i].parent != i) i = runs[i].parent = runs[runs[i].parent].parent;
    return i;
}

static void join(run *runs, int32_t a, int32_t b) {
    a = root(runs, a), b = root(runs, b);
    if (a == b) return;
    if (a > b) { const int32_t t = a; a = b, b = t; } /* the same root in any case */
    runs[b].parent = a;
    runs[a].area += runs[b].area;
}

/* Flip pieces of value smaller than limit; touch = 1 joins diagonal neighbours as well. */
static void flip_small(civid__frame_t *f, uint8_t value, int32_t touch, int32_t limit) {
    run *runs = f->runs;
    int32_t count = 0, above = 0, above_end = 0; /* runs of the row above */
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *row = f->ink + (int64_t)(y + 1) * f->ink_stride + 1;
        const int32_t begin = count;
        for (int32_t x = 0; x < f->width;) {
            if (row[x] != value) { x++; continue; }
            const int32_t start = x;
            while (x < f->width && row[x] == value) x++;
            runs[count] = (run){(uint16_t)start, (uint16_t)x, (uint16_t)y, count, x - start};
            while (above < above_end && runs[above].end + touch <= start) above++;
            for (int32_t k = above; k < above_end && runs[k].start < x + touch; k++)
                join(runs, k, count);
            count++;
        }
        above = begin, above_end = count;
    }
    for (int32_t i = 0; i < count; i++) {
        if (runs[root(runs, i)].area >= limit) continue;
        uint8_t *row = f->ink + (int64_t)(runs[i].row + 1) * f->ink_stride + 1;
        for (int32_t x = runs[i].start; x < runs[i].end; x++) row[x] = (uint8_t)(1 - value);
    }
}

void civid__remove_specks(civid__frame_t *f) {
    flip_small(f, 0, 0, f->parameters.hole_area);
    flip_small(f, 1, 1, f->parameters.speck_area);
}
