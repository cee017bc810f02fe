/* filter_level.h - the sum of a filter as an int8 value. */
#ifndef CIVID_EXTRACT_FILTER_LEVEL_H
#define CIVID_EXTRACT_FILTER_LEVEL_H

#include <stdint.h>

#include "extract/extract_params.h"

/* Rounded, clipped. Sums stay far below 32 bits: |pixel| <= 127 and the taps' absolute sum is about
 * 1.5 << KERNEL_UNITY. */
static inline int16_t civid__filter_level(int32_t sum) {
    const int32_t v = (sum + (1 << (KERNEL_UNITY - 1))) >> KERNEL_UNITY;
    return (int16_t)(v > 127 ? 127 : v < -127 ? -127 : v);
}

#endif
