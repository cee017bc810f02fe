/* inverted_scale.c - what a sum is worth: how far above what impostors with so many minutiae reach. */
#include "tables/inverted_scale.h"

#include <math.h>

#include "search/inverted/inverted.h"

/* Row of the tables: 4, 8, 16, 32, 64 centres. */
static int32_t row_of(int32_t cells) {
    int32_t row = 0;
    while (row < CIVID__INVERTED_SCALES && 4 << row != cells) row++;
    return row;
}

int civid__inverted_cells(int32_t cells) { return row_of(cells) < CIVID__INVERTED_SCALES; }

civid__inverted_scale_t civid__inverted_scale(int32_t probe_count, int32_t cells) {
    const int32_t row = row_of(cells);
    const float n = (float)probe_count;
    const civid__inverted_scale_t scale = {civid__inverted_level[row], civid__inverted_spread[row], n,
                                        sqrtf(n)};
    return scale;
}
