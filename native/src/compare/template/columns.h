/* columns.h - the minutiae of a template, rounded and sorted: what prepared and packed templates
 * have in common. */
#ifndef CIVID_COMPARE_COLUMNS_H
#define CIVID_COMPARE_COLUMNS_H

#include <stdint.h>

#include "civid.h"

typedef struct {
    int16_t *x, *y; /* quarters of a px, y up */
    uint8_t *angle; /* 256 a turn */
    uint8_t *kind, *quality;
    uint8_t *index; /* place in the caller's array */
} civid__columns_t;

/* One number a minutia, ascending: y, x, angle, kind, quality, index, the most significant first.
 * No two are equal, so their order is the only one there is. CIVID_E_VALUE: not a minutia. */
civid_status civid__sorted_keys(const civid_minutia_t *minutiae, int32_t count,
                                uint64_t key[CIVID_MAX_MINUTIAE]);

/* The same number, from what is written in the columns. */
static inline uint64_t civid__key(int32_t x, int32_t y, uint8_t angle, uint8_t kind,
                                  uint8_t quality, uint8_t index) {
    return (uint64_t)(uint16_t)(y + 32768) << 48 | (uint64_t)(uint16_t)(x + 32768) << 32 |
           (uint64_t)angle << 24 | (uint64_t)kind << 16 | (uint64_t)quality << 8 | index;
}

/* Spread the numbers out into columns. */
void civid__write_columns(const uint64_t *key, int32_t count, const civid__columns_t *columns);

#endif
