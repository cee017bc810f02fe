/* bands.h - numbers of bins become the values in the middle of these bins. */
#ifndef CIVID_WSQ_BANDS_H
#define CIVID_WSQ_BANDS_H

#include "wsq/tables.h"

/* How many values are coded. */
int64_t civid__wsq_coded(const civid__wsq_tree_t *tree, const civid__wsq_bins_t *bins);
/* values: the sub-bands at their places; what is not coded becomes 0. */
void civid__wsq_fill_bands(const civid__wsq_tree_t *tree, const civid__wsq_bins_t *bins,
                           const int16_t *numbers, float *values);

#endif
