/* weigh.h - weighted sums of rows: all of a wavelet transform but where the rows lie. */
#ifndef CIVID_WSQ_WEIGH_H
#define CIVID_WSQ_WEIGH_H

#include <stdint.h>

/* out[i] = taps[0] * rows[0][i] + taps[1] * rows[1][i] + ..., added from the left; 0 where count is 0.
 * Rows may overlap each other, but not out. */
void civid__wsq_weigh(const float *const *rows, const float *taps, int32_t count, int32_t width,
                      float *out);

#endif
