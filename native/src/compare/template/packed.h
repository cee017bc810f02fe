/* packed.h - the layout of a packed template, for whoever reads one.
 *
 *   header                        8 bytes
 *   x, y                          2n bytes each   int16, quarters of a px, y up
 *   angle, kind, quality, index   n bytes each    uint8; index: place in the caller's array
 *
 * n = count, so the size is 8 + 8n. Little-endian, 8-byte aligned. Minutiae are sorted as in a
 * prepared template, whose columns these are without the padding: they can be read in place. */
#ifndef CIVID_COMPARE_PACKED_H
#define CIVID_COMPARE_PACKED_H

#include <stdint.h>

#include "compare/template/columns.h"
#include "compare/descriptor/cylinder.h"

#define CIVID__PACKED_VERSION 1

typedef struct {
    uint32_t check; /* of everything behind it: finds damage */
    uint8_t version;
    uint8_t count;
    uint8_t extractor; /* CIVID_EXTRACTOR_* */
    uint8_t zero;
} civid__packed_t;

static inline uint32_t civid__packed_bytes(int32_t count) { return 8u + 8u * (uint32_t)count; }

/* Where the columns of a template with this count lie. */
static inline civid__columns_t civid__packed_columns(const civid__packed_t *p) {
    uint8_t *at = (uint8_t *)(p + 1);
    const int32_t n = p->count;
    return (civid__columns_t){(int16_t *)(void *)at, (int16_t *)(void *)(at + 2 * n), at + 4 * n,
                              at + 5 * n,            at + 6 * n,                      at + 7 * n};
}

/* What a cylinder is made from, read in place. */
static inline civid__points_t civid__packed_points(const civid__packed_t *p) {
    const civid__columns_t c = civid__packed_columns(p);
    return (civid__points_t){p->count, c.x, c.y, c.angle};
}

/* Version, count and size: CIVID_OK makes the columns safe to read, whoever found them. */
civid_status civid__packed_header(const void *packed, uint64_t size);

/* 32-bit words, each step a bijection of the sum so far and of the word: a change within one
 * aligned word is always found, any other but for one in 2^32. */
uint32_t civid__packed_hash(const civid__packed_t *p);

#endif
