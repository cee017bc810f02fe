/* split.h - wavelet analysis: pixels become sub-bands. */
#ifndef CIVID_WSQ_SPLIT_H
#define CIVID_WSQ_SPLIT_H

#include "wsq/wavelet/filters.h"
#include "wsq/wavelet/tree.h"

enum { WSQ_RING = 16 }; /* rows: more than a filter is long, a power of two */

typedef struct {
    float *even, *odd; /* halves of a row, each with WSQ_PAD samples of room on either side */
    float *ring;       /* WSQ_RING rows that are split across, `pitch` apart */
    int32_t pitch;
} civid__wsq_rows_t;

typedef struct {
    const uint8_t *pixels;
    int64_t stride;
    float levels[256]; /* of each grey value */
} civid__wsq_picture_t;

/* All of the tree, with filters that are shorter than WSQ_RING. The image's last quarter is left as it
 * was. spare: civid__wsq_pixels of the second node. */
void civid__wsq_split(const civid__wsq_tree_t *tree, const civid__wsq_filters_t *filters,
                      const civid__wsq_picture_t *picture, float *values, float *spare,
                      const civid__wsq_rows_t *rows);

#endif
