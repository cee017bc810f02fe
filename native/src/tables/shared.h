/* shared.h - the large tables, once in the library however many twins of a kernel read them. */
#ifndef CIVID_TABLES_SHARED_H
#define CIVID_TABLES_SHARED_H

#include <stdint.h>

#include "compare/compare_params.h"
#include "search/inverted/inverted.h"

/* The bits of a code that its centre is chosen by; the other eight are the direction's. */
#define CIVID__INVERTED_CODE 0x00ffffffffffffffu

extern const int16_t civid__projection[CIVID__CELLS + 1][CIVID__CODE_BITS / 2];
extern const int16_t civid__scan_projection[CIVID__CELLS + 1][128];
extern const uint64_t civid__inverted_centre[2][CIVID__INVERTED];

#endif
