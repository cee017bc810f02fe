/* filter_row.h - every pixel of a row of cells, filtered along its ridge. */
#ifndef CIVID_EXTRACT_FILTER_ROW_H
#define CIVID_EXTRACT_FILTER_ROW_H

#include <stdint.h>

/* out = image * the kernel of the bank that context names, for the 2 x 2 px of each cell; cells
 * without a context are left alone. */
typedef void civid__filter_row_fn(const int16_t *image, int32_t stride, const int16_t *bank,
                                  const uint16_t *context, int32_t cells, int16_t *out,
                                  int32_t out_stride);
civid__filter_row_fn civid__filter_row_portable, civid__filter_row_avx2, civid__filter_row_avx512;

#endif
