/* lowest_bit.h - where the lowest bit of a word stands. */
#ifndef CIVID_LOWEST_BIT_H
#define CIVID_LOWEST_BIT_H

#include <stdint.h>

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#endif

/* Which is the lowest bit set? v is not 0. */
static inline int32_t civid__lowest_bit(uint64_t v) {
#if defined(_MSC_VER) && !defined(__clang__)
    unsigned long at;
    _BitScanForward64(&at, v);
    return (int32_t)at;
#else
    return __builtin_ctzll(v);
#endif
}

#endif
