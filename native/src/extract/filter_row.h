/* filter_row.h - what the twins of the filter share. */
#ifndef CIVID_EXTRACT_FILTER_ROW_H
#define CIVID_EXTRACT_FILTER_ROW_H

#include "stages.h"

/* The sum of a filter as an int8 value: rounded, clipped. Sums stay far below 32 bits: |pixel|
 * <= 127 and the taps' absolute sum is about 1.5 << KERNEL_UNITY. */
static inline int16_t civid__filter_level(int32_t sum) {
    const int32_t v = (sum + (1 << (KERNEL_UNITY - 1))) >> KERNEL_UNITY;
    return (int16_t)(v > 127 ? 127 : v < -127 ? -127 : v);
}

#endif
