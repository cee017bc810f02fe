/* distance.h - how many bits the codes of two templates differ by, all pairs. */
#ifndef CIVID_COMPARE_DISTANCE_H
#define CIVID_COMPARE_DISTANCE_H

#include <stdint.h>

#include "compare/template/prepared.h"

/* distance[i * stride + j], clipped to 254; stride is 8 * civid__blocks(b->count), and the padding
 * of a row holds 255. row_best[i], column_best[j]: the least of the row and of the column. */
typedef void civid__distance_fn(const civid__prepared_t *a, const civid__prepared_t *b,
                                uint8_t *distance, uint8_t *row_best, uint8_t *column_best);

civid__distance_fn civid__distance_portable, civid__distance_avx2, civid__distance_avx512,
    civid__distance_neon;

/* Which of 64 minutiae of a row are the best of the row or of their column? One bit each, of 64 bytes
 * of either array. */
typedef uint64_t civid__best_fn(const uint8_t *row, const uint8_t *column_best, uint8_t row_best);

civid__best_fn civid__best_portable, civid__best_avx2, civid__best_avx512;

#endif
