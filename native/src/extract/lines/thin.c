/* thin.c - ridges to one pixel: Guo and Hall (1989), 64 pixels at a time with logic on bit rows,
 * then the corners of staircases, which it keeps, one by one. */
#include <string.h>

#include "extract/extract_stages.h"

/* The eight neighbours of 64 pixels, named clockwise from north: bit x of east is pixel x + 1. */
typedef struct {
    uint64_t n, ne, e, se, s, sw, w, nw;
} around;

static inline uint64_t from_west(const uint64_t *p) { return p[0] << 1 | p[-1] >> 63; }
static inline uint64_t from_east(const uint64_t *p) { return p[0] >> 1 | p[1] << 63; }

/* Pixels of a word that this half round deletes. */
static inline uint64_t deletable(const uint64_t *at, int32_t words, int32_t half) {
    const uint64_t *up = at - words, *down = at + words;
    const around a = {up[0],   from_east(up),   from_east(at), from_east(down),
                      down[0], from_west(down), from_west(at), from_west(up)};
    /* Exactly one 8-connected piece of ink around. */
    const uint64_t c1 = ~a.n & (a.ne | a.e), c2 = ~a.e & (a.se | a.s), c3 = ~a.s & (a.sw | a.w),
                   c4 = ~a.w & (a.nw | a.n);
    const uint64_t odd = c1 ^ c2 ^ c3 ^ c4;
    const uint64_t three = (c1 & c2 & (c3 | c4)) | (c3 & c4 & (c1 | c2));
    const uint64_t one_piece = odd & ~three;
    /* N = min(N1, N2) is 2 or 3: not the end of a line, not inside of one. */
    const uint64_t p1 = a.nw | a.n, p2 = a.ne | a.e, p3 = a.se | a.s, p4 = a.sw | a.w;
    const uint64_t q1 = a.n | a.ne, q2 = a.e | a.se, q3 = a.s | a.sw, q4 = a.w | a.nw;
    const uint64_t two_p = (p1 & (p2 | p3 | p4)) | (p2 & (p3 | p4)) | (p3 & p4);
    const uint64_t two_q = (q1 & (q2 | q3 | q4)) | (q2 & (q3 | q4)) | (q3 & q4);
    const uint64_t four = (p1 & p2 & p3 & p4) & (q1 & q2 & q3 & q4);
    const uint64_t side = half == 0 ? (a.s | a.sw | ~a.nw) & a.w : (a.n | a.ne | ~a.se) & a.e;
    return at[0] & one_piece & two_p & two_q & ~four & ~side;
}

static void pack(const civid__frame_t *f, uint64_t *bits) {
    memset(bits, 0, (size_t)f->words * (size_t)(f->height + 2) * sizeof *bits);
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *row = f->ink + (int64_t)(y + 1) * f->ink_stride + 1;
        uint64_t *to = bits + (int64_t)(y + 1) * f->words + 1;
        for (int32_t x = 0; x < f->width; x += 64, to++) {
            const int32_t n = f->width - x < 64 ? f->width - x : 64;
            uint64_t word = 0;
            for (int32_t k = 0; k < n; k++) word |= (uint64_t)row[x + k] << k;
            *to = word;
        }
    }
}

static void unpack(const civid__frame_t *f, const uint64_t *bits) {
    for (int32_t y = 0; y < f->height; y++) {
        uint8_t *row = f->ink + (int64_t)(y + 1) * f->ink_stride + 1;
        const uint64_t *from = bits + (int64_t)(y + 1) * f->words + 1;
        for (int32_t x = 0; x < f->width; x += 64, from++) {
            const int32_t n = f->width - x < 64 ? f->width - x : 64;
            const uint64_t word = *from;
            for (int32_t k = 0; k < n; k++) row[x + k] = (uint8_t)(word >> k & 1);
        }
    }
}

/* A corner whose two arms touch each other diagonally is not needed to connect them. */
static void cut_corners(civid__frame_t *f) {
    const int32_t s = f->ink_stride;
    for (int32_t y = 0; y < f->height; y++) {
        uint8_t *p = f->ink + (int64_t)(y + 1) * s + 1;
        for (int32_t x = 0; x < f->width; x++, p++) {
            if (!*p) continue;
            const int32_t n = p[-s], e = p[1], w = p[-1], u = p[s];
            const int32_t ne = p[1 - s], se = p[s + 1], sw = p[s - 1], nw = p[-s - 1];
            if ((n && e && !sw && !w && !u) || (e && u && !nw && !n && !w) ||
                (u && w && !ne && !n && !e) || (w && n && !se && !u && !e))
                *p = 0;
        }
    }
}

void civid__thin(civid__frame_t *f) {
    uint64_t *now = f->bits_a, *next = f->bits_b;
    const int32_t words = f->words;
    pack(f, now);
    memset(next, 0, (size_t)words * (size_t)(f->height + 2) * sizeof *next);
    uint64_t changed = 1;
    for (int32_t round = 0; round < THIN_ROUNDS && changed; round++) {
        changed = 0;
        for (int32_t half = 0; half < 2; half++) {
            for (int32_t y = 1; y <= f->height; y++) {
                const uint64_t *row = now + (int64_t)y * words;
                uint64_t *to = next + (int64_t)y * words;
                for (int32_t k = 1; k < words - 1; k++) {
                    const uint64_t gone = row[k] ? deletable(row + k, words, half) : 0;
                    to[k] = row[k] & ~gone;
                    changed |= gone;
                }
            }
            uint64_t *t = now;
            now = next, next = t;
        }
    }
    unpack(f, now);
    cut_corners(f);
}
