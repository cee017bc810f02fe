/* shared.h - the large tables, once in the library however many twins of a kernel read them. They
 * begin where a line of the cache does: a load of 64 bytes that lies in two lines takes twice as
 * long. */
#ifndef CIVID_TABLES_SHARED_H
#define CIVID_TABLES_SHARED_H

#include <stdint.h>

#include "compare/compare_params.h"
#include "compiler.h"
#include "search/inverted/inverted.h"

/* A row of the scan's projection: two weights a word, each with so much added. */
#define CIVID__SCAN_WORDS 64
#define CIVID__SCAN_EXTRA 64

/* The bits of a code that its centre is chosen by; the other eight are the direction's. */
#define CIVID__INVERTED_CODE 0x00ffffffffffffffu

extern CIVID_ALIGNED(64) const int16_t civid__projection[CIVID__CELLS + 1][CIVID__CODE_BITS / 2];
extern CIVID_ALIGNED(64) const uint16_t
    civid__scan_projection[CIVID__CELLS + 1][CIVID__SCAN_WORDS];
extern CIVID_ALIGNED(64) const uint64_t civid__inverted_centre[2][CIVID__INVERTED];

#endif
