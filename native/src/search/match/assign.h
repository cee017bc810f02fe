/* assign.h - which finger of one set goes with which of the other. */
#ifndef CIVID_SEARCH_ASSIGN_H
#define CIVID_SEARCH_ASSIGN_H

#include <stdint.h>

#include "civid.h"

/* Give each row (1 <= rows <= columns <= CIVID_POSITIONS) a column of its own such that the sum of
 * the worths is greatest. |worth| < 2^57. */
void civid__assign(int64_t worth[CIVID_POSITIONS][CIVID_POSITIONS], int32_t rows, int32_t columns,
                   int32_t column_of[CIVID_POSITIONS]);

#endif
