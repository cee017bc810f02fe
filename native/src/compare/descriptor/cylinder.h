/* cylinder.h - what surrounds a minutia, in its own frame, and the code of it.
 *
 * A cylinder has CIVID__CELLS cells, (row * CIVID__GRID + column) * CIVID__SECTIONS + section, each
 * a sum in Q20 over the neighbours; above a threshold it is full. Only the numbers of the full
 * cells leave it: a projection is a sum over them, and any number of projections can share one list:
 *
 *     const civid__kernels_t *kernels = civid__kernels();
 *     const civid__points_t points = civid__packed_points(packed); or civid__prepared_points
 *     int32_t full[CIVID__FULL_ROOM], count = kernels->full_cells(&points, i, full);
 *     kernels->code(full, count, code); */
#ifndef CIVID_COMPARE_CYLINDER_H
#define CIVID_COMPARE_CYLINDER_H

#include <stdint.h>

#include "compare/compare_params.h"

typedef struct {
    int32_t count;
    const int16_t *x, *y; /* quarters of a px, y up */
    const uint8_t *angle; /* 256 a turn */
} civid__points_t;

/* The full cells around minutia i, each once, in no particular order; returns how many. full:
 * CIVID__FULL_ROOM items, because the lanes write in whole vectors. */
#define CIVID__FULL_ROOM (CIVID__CELLS + 16)
typedef int32_t civid__full_cells_fn(const civid__points_t *points, int32_t i, int32_t *full);

/* The code of full cells: bit b = sign of bit b of the learned projection. */
typedef void civid__code_fn(const int32_t *full, int32_t count, uint64_t code[CIVID__CODE_WORDS]);

civid__full_cells_fn civid__full_cells_portable, civid__full_cells_avx2, civid__full_cells_avx512;
civid__code_fn civid__code_portable, civid__code_avx2, civid__code_avx512;

#endif
