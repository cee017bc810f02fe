/* repair_skeleton.c - undo what noise, pores, scars and dry skin do to lines: spurs and short
 * islands go, gaps close, bridges between ridges and lakes in them open. After Farina, Kovacs-
 * Vajna, Leone (1999) and Zhao, Tang (2007). */
#include "extract/lines/skeleton.h"

static int32_t length_at(const civid__frame_t *f, int32_t x, int32_t y, float periods) {
    return (int32_t)(f->period[civid__block(f, x, y)] * periods + 0.5f);
}

static void erase(const civid__frame_t *f, const civid__walk_t *w, int32_t first, int32_t end) {
    for (int32_t i = first; i < end; i++) *civid__ink(f, w->points[i].x, w->points[i].y) = 0;
}

/* Lines that end soon after they begin. */
static void prune(const civid__frame_t *f) {
    civid__walk_t w;
    int32_t out[8];
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *p = civid__ink(f, 0, y);
        for (int32_t x = 0; (x = civid__next_ink(p, x, f->width)) < f->width; x++) {
            if (civid__crossings(p + x, f->ink_stride) > 1) continue;
            if (civid__branches(f, x, y, out) == 0) {
                *civid__ink(f, x, y) = 0;
                continue;
            }
            civid__walk_line(f, x, y, out[0], length_at(f, x, y, f->parameters.island_length), &w);
            if (w.stop == CIVID__WALK_STOP_END)
                erase(f, &w, 0, w.count);
            else if (w.stop == CIVID__WALK_STOP_JUNCTION &&
                     w.count <= length_at(f, x, y, f->parameters.spur_length))
                erase(f, &w, 0, w.count - 1);
        }
    }
}

typedef struct {
    civid__point_t at;
    float dx, dy; /* outwards, in pixels */
} ending;

static int32_t collect_endings(const civid__frame_t *f, ending *ends) {
    civid__walk_t w;
    int32_t out[8], n = 0;
    for (int32_t y = 0; y < f->height && n < MAX_ENDINGS; y++) {
        const uint8_t *p = civid__ink(f, 0, y);
        for (int32_t x = 0; (x = civid__next_ink(p, x, f->width)) < f->width; x++) {
            if (n == MAX_ENDINGS || civid__crossings(p + x, f->ink_stride) != 1) continue;
            if (civid__branches(f, x, y, out) != 1) continue;
            civid__walk_line(f, x, y, out[0], ENDING_REACH, &w);
            const civid__point_t from = w.points[w.count - 1];
            const float dx = (float)(x - from.x), dy = (float)(y - from.y);
            const float length = sqrtf(dx * dx + dy * dy);
            if (length < 2.0f) continue;
            ends[n++] = (ending){{(int16_t)x, (int16_t)y}, dx / length, dy / length};
        }
    }
    return n;
}

/* Join two points, unless that crosses another line. */
static void draw(const civid__frame_t *f, civid__point_t a, civid__point_t b) {
    const int32_t dx = b.x - a.x, dy = b.y - a.y;
    const int32_t ax = dx < 0 ? -dx : dx, ay = dy < 0 ? -dy : dy, n = ax > ay ? ax : ay;
    for (int32_t pass = 0; pass < 2; pass++)
        for (int32_t i = 1; i < n; i++) {
            const int32_t x = a.x + (2 * dx * i + (dx < 0 ? -n : n)) / (2 * n);
            const int32_t y = a.y + (2 * dy * i + (dy < 0 ? -n : n)) / (2 * n);
            if (pass == 0 && i > 1 && i < n - 1 && *civid__ink(f, x, y)) return;
            if (pass == 1) *civid__ink(f, x, y) = 1;
        }
}

static void close_gaps(const civid__frame_t *f) {
    ending *ends = f->runs; /* the runs are done with */
    const int32_t n = collect_endings(f, ends);
    for (int32_t i = 0; i < n; i++) {
        const int32_t block = civid__block(f, ends[i].at.x, ends[i].at.y);
        const float reach = f->period[block] * f->parameters.gap_length;
        float nearest = reach * reach;
        int32_t best = -1;
        for (int32_t j = 0; j < n; j++) {
            const float dx = (float)(ends[j].at.x - ends[i].at.x);
            const float dy = (float)(ends[j].at.y - ends[i].at.y);
            const float d2 = dx * dx + dy * dy;
            if (j == i || d2 > nearest) continue;
            const float least = GAP_ALIGNED * sqrtf(d2);
            if (ends[i].dx * dx + ends[i].dy * dy < least) continue;
            if (-(ends[j].dx * dx + ends[j].dy * dy) < least) continue;
            nearest = d2, best = j;
        }
        if (best < 0) continue;
        draw(f, ends[i].at, ends[best].at);
        ends[i].dx = ends[i].dy = ends[best].dx = ends[best].dy = 0; /* used */
    }
}

/* Is the straight line of a walk steep to the ridges around it? */
static int32_t is_steep(const civid__frame_t *f, const civid__walk_t *w) {
    const civid__point_t a = w->points[0], b = w->points[w->count - 1];
    const float dx = (float)(b.x - a.x), dy = (float)(a.y - b.y);
    const float d2 = dx * dx + dy * dy;
    const int32_t at = civid__block(f, (a.x + b.x) / 2, (a.y + b.y) / 2);
    /* cos 2(line - ridge) = 1 - 2 sin^2 */
    const float twice = ((dx * dx - dy * dy) * f->cosine[at] + 2 * dx * dy * f->sine[at]) / d2;
    return twice < 1 - 2 * BRIDGE_STEEP * BRIDGE_STEEP;
}

static void open_bridges(const civid__frame_t *f) {
    civid__walk_t w[2];
    int32_t out[8];
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *p = civid__ink(f, 0, y);
        for (int32_t x = 0; (x = civid__next_ink(p, x, f->width)) < f->width; x++) {
            if (civid__crossings(p + x, f->ink_stride) < 3) continue;
            const int32_t n = civid__branches(f, x, y, out);
            const int32_t bridge = length_at(f, x, y, f->parameters.bridge_length);
            const int32_t lake = length_at(f, x, y, f->parameters.lake_length);
            int32_t ends_x[8], ends_y[8];
            for (int32_t k = 0; k < n; k++) {
                civid__walk_line(f, x, y, out[k], lake, &w[0]);
                ends_x[k] = -1, ends_y[k] = -1;
                if (w[0].stop != CIVID__WALK_STOP_JUNCTION || w[0].count < 3) continue;
                if (w[0].count <= bridge && is_steep(f, &w[0])) {
                    erase(f, &w[0], 1, w[0].count - 1);
                    break; /* no junction any more */
                }
                ends_x[k] = w[0].points[w[0].count - 1].x;
                ends_y[k] = w[0].points[w[0].count - 1].y;
                int32_t same = 0;
                while (same < k && (ends_x[same] != ends_x[k] || ends_y[same] != ends_y[k])) same++;
                if (same == k) continue;
                civid__walk_line(f, x, y, out[same], lake, &w[1]); /* two ways: a lake */
                const civid__walk_t *longer = w[1].count > w[0].count ? &w[1] : &w[0];
                erase(f, longer, 1, longer->count - 1);
                break;
            }
        }
    }
}

void civid__repair_skeleton(civid__frame_t *f) {
    prune(f);
    close_gaps(f);
    open_bridges(f);
    prune(f);
    close_gaps(f);
}
