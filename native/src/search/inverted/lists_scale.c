/* lists_scale.c - what a sum is worth: how far above what impostors with so many minutiae reach. */
#include "tables/lists_scale.h"

#include <math.h>

#include "search/inverted/lists.h"

/* Row of the tables: 4, 8, 16, 32, 64 centres. */
static int32_t row_of(int32_t cells) {
    int32_t row = 0;
    while (row < CIVID__LISTS_SCALES && 4 << row != cells) row++;
    return row;
}

int civid__lists_cells(int32_t cells) { return row_of(cells) < CIVID__LISTS_SCALES; }

civid__lists_scale_t civid__lists_scale(int32_t probe_count, int32_t cells) {
    const int32_t row = row_of(cells);
    const float n = (float)probe_count;
    const civid__lists_scale_t scale = {civid__lists_level[row], civid__lists_spread[row], n,
                                        sqrtf(n)};
    return scale;
}
