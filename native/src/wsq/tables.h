/* tables.h - what the segments before the coded data say (IAFIS-IC-0110, B.2.4). */
#ifndef CIVID_WSQ_TABLES_H
#define CIVID_WSQ_TABLES_H

#include <stdint.h>

#include "wsq/wavelet/filters.h"
#include "wsq/wavelet/tree.h"

/* Second bytes of the markers; the first is always FF. */
enum {
    WSQ_SOI = 0xa0, /* start of image */
    WSQ_EOI = 0xa1, /* end of image */
    WSQ_SOF = 0xa2, /* start of frame */
    WSQ_SOB = 0xa3, /* start of block */
    WSQ_DTT = 0xa4, /* wavelet filters */
    WSQ_DQT = 0xa5, /* quantisation */
    WSQ_DHT = 0xa6, /* Huffman tables */
    WSQ_DRT = 0xa7, /* restart interval */
    WSQ_COM = 0xa8, /* comment */
    WSQ_RST = 0xb0, /* restart, the first of eight */
};

/* Symbols of the Huffman codes (table 2): runs of zeros, escapes, single values. */
enum {
    WSQ_LONGEST_RUN = 100,
    WSQ_POSITIVE_8 = 101, /* 8 bits follow */
    WSQ_NEGATIVE_8 = 102,
    WSQ_POSITIVE_16 = 103, /* 16 bits follow */
    WSQ_NEGATIVE_16 = 104,
    WSQ_RUN_8 = 105,
    WSQ_RUN_16 = 106,
    WSQ_ZERO = 180, /* the value 0; -73 is 107, 74 is 254 */
    WSQ_LAST = 254,
};

enum { WSQ_LONGEST_CODE = 16, WSQ_SYMBOLS = 256, WSQ_HUFFMAN_TABLES = 8 };

typedef struct {
    int32_t width, height; /* px */
    float shift, scale;    /* pixel = value * scale + shift */
} civid__wsq_frame_t;

typedef struct {
    float centre;           /* of a bin, as a share of its width from its outer edge */
    float width[WSQ_BANDS]; /* of a bin; 0: the sub-band is not coded */
    float zero[WSQ_BANDS];  /* of the bin around zero */
} civid__wsq_bins_t;

/* How many codes have 1 .. 16 bits, and their symbols in the order of the codes. */
typedef struct {
    uint8_t counts[WSQ_LONGEST_CODE];
    uint8_t symbols[WSQ_SYMBOLS];
    int32_t is_defined;
} civid__wsq_codes_t;

#endif
