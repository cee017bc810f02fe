/* cylinder.h - what surrounds a minutia, in its own frame. */
#ifndef CIVID_COMPARE_CYLINDER_H
#define CIVID_COMPARE_CYLINDER_H

#include <stdint.h>

#include "compare/params.h"

typedef struct {
    int32_t count;
    const int16_t *x, *y; /* quarters of a px, y up */
    const uint8_t *angle; /* 256 a turn */
} civid__points_t;

/* Fill the cells around minutia i: sums in Q20, [row][column][section]. */
void civid__cylinder(const civid__points_t *points, int32_t i, int32_t cells[CIVID__CELLS]);

/* The code of full cells: bit b = sign of row b of the learned projection. */
void civid__code(const int32_t cells[CIVID__CELLS], uint64_t code[CIVID__CODE_WORDS]);

#endif
