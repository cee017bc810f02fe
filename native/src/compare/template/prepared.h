/* prepared.h - the layout of a prepared template, for whoever reads one.
 *
 *   header                        64 bytes
 *   codes      blocks * 256       word w of minutia i: code[i / 8][w][i % 8], uint64
 *   x, y       blocks * 16 each   int16, quarters of a px, y up
 *   angle, kind, quality, index   blocks * 8 each, uint8; index: place in the caller's array
 *
 * blocks = ceil(count / 8), so the size is 64 + 320 * blocks: 40 bytes a minutia. Little-endian;
 * the padding behind the last minutia is 0. Minutiae are sorted, so that the order in which the
 * caller gave them cannot matter. */
#ifndef CIVID_COMPARE_PREPARED_H
#define CIVID_COMPARE_PREPARED_H

#include <stdint.h>

#include "compare/template/columns.h"
#include "compare/descriptor/cylinder.h"
#include "compare/compare_params.h"

#define CIVID__PREPARED_MAGIC 0x50564943u /* "CIVP" */
#define CIVID__PREPARED_VERSION 1
#define CIVID__SUPPORTS 16

typedef struct {
    uint32_t magic;
    uint16_t version;
    uint16_t count;
    uint32_t size;     /* bytes, all in */
    uint8_t extractor; /* CIVID_EXTRACTOR_* */
    uint8_t reserved[3]; /* 0 */
    uint64_t hash; /* of everything behind it, and of who found the minutiae: finds damage */
    int16_t support[CIVID__SUPPORTS]; /* farthest minutia in 16 directions, px: the convex hull */
    uint8_t zero[8];
} civid__prepared_t;

static inline int32_t civid__blocks(int32_t count) {
    return (count + CIVID__BLOCK - 1) / CIVID__BLOCK;
}
static inline uint32_t civid__prepared_bytes(int32_t count) {
    return (uint32_t)sizeof(civid__prepared_t) + 320u * (uint32_t)civid__blocks(count);
}
static inline const uint64_t *civid__codes(const civid__prepared_t *p) {
    return (const uint64_t *)(p + 1);
}
static inline const int16_t *civid__xs(const civid__prepared_t *p) {
    return (const int16_t *)((const uint8_t *)(p + 1) + 256 * civid__blocks(p->count));
}
static inline const int16_t *civid__ys(const civid__prepared_t *p) {
    return civid__xs(p) + CIVID__BLOCK * civid__blocks(p->count);
}
static inline const uint8_t *civid__angles(const civid__prepared_t *p) {
    return (const uint8_t *)(civid__ys(p) + CIVID__BLOCK * civid__blocks(p->count));
}
static inline const uint8_t *civid__kinds(const civid__prepared_t *p) {
    return civid__angles(p) + CIVID__BLOCK * civid__blocks(p->count);
}
static inline const uint8_t *civid__qualities(const civid__prepared_t *p) {
    return civid__kinds(p) + CIVID__BLOCK * civid__blocks(p->count);
}
static inline const uint8_t *civid__indices(const civid__prepared_t *p) {
    return civid__qualities(p) + CIVID__BLOCK * civid__blocks(p->count);
}

/* What a cylinder is made from, read in place. */
static inline civid__points_t civid__prepared_points(const civid__prepared_t *p) {
    return (civid__points_t){p->count, civid__xs(p), civid__ys(p), civid__angles(p)};
}

/* Codes, support and hash of a template whose header, columns and zeroed rest are in place. */
void civid__describe(civid__prepared_t *p);

/* A header and zeros behind it, for this many minutiae. */
void civid__blank(civid__prepared_t *p, int32_t count, int32_t extractor);

/* Where the columns of a template are written. */
civid__columns_t civid__prepared_columns(civid__prepared_t *p);

/* FNV-1a over 64-bit words; size is a multiple of 64. */
uint64_t civid__prepared_hash(const civid__prepared_t *p);

/* What the extractor's number adds to a hash: nothing for 0. */
static inline uint64_t civid__extractor_hash(const civid__prepared_t *p) {
    return p->extractor * 0x9e3779b97f4a7c15u;
}

#endif
