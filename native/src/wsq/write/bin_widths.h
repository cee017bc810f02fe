/* bin_widths.h - how finely each sub-band is quantised (IAFIS-IC-0110, part 3). */
#ifndef CIVID_WSQ_BIN_WIDTHS_H
#define CIVID_WSQ_BIN_WIDTHS_H

#include "wsq/tables.h"

/* Variances of the sub-bands; 0 where there are too few values. */
void civid__wsq_variances(const civid__wsq_tree_t *tree, const float *values,
                          double variances[WSQ_BANDS]);
/* Bin widths that spend `bitrate` bits a pixel; 0: not coded. */
void civid__wsq_bin_widths(const double variances[WSQ_BANDS], double bitrate,
                           double widths[WSQ_BANDS]);

#endif
