/* enhance.c - every pixel filtered along its ridge. */
#include "kernels.h"
#include "stages.h"

void civid__enhance(civid__frame *f) {
    civid__filter_row_fn *filter = civid__kernels()->filter_row;
    const civid__plane in = f->normal, out = f->enhanced;
    civid__clear(f, out);
    for (int32_t cy = 0; cy < f->cells_y; cy++)
        filter(in.origin + (int64_t)cy * CELL * in.stride, in.stride, f->bank,
               f->context + (int64_t)cy * f->cells_x, f->cells_x,
               out.origin + (int64_t)cy * CELL * out.stride, out.stride);
}
