/* join.h - wavelet synthesis: sub-bands become pixels. */
#ifndef CIVID_WSQ_JOIN_H
#define CIVID_WSQ_JOIN_H

#include "wsq/wavelet/filters.h"
#include "wsq/wavelet/tree.h"

/* Lines of the synthesis, each with WSQ_PAD samples of room on either side. */
typedef struct {
    float *low, *high; /* halves of a row */
    float *even, *odd; /* what they are joined to */
} civid__wsq_lines_t;

/* All of the tree, the coarsest node first. values: the sub-bands, width * height; those of the
 * image's last quarter are taken for zeros. spare: civid__wsq_pixels of the second node. */
void civid__wsq_join(const civid__wsq_tree_t *tree, const civid__wsq_filters_t *filters,
                     float *values, float *spare, const civid__wsq_lines_t *lines, float shift,
                     float scale, uint8_t *pixels);

#endif
