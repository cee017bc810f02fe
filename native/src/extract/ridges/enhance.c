/* enhance.c - every pixel filtered along its ridge. */
#include "kernels.h"
#include "extract/extract_stages.h"

void civid__enhance(civid__frame_t *f) {
    civid__filter_row_fn *filter = civid__kernels()->filter_row;
    const civid__plane_t in = f->normal, out = f->enhanced;
    civid__clear(f, out);
    for (int32_t cy = 0; cy < f->cells_y; cy++)
        filter(in.origin + (int64_t)cy * CIVID__CELL_PX * in.stride, in.stride, f->bank,
               f->context + (int64_t)cy * f->cells_x, f->cells_x,
               out.origin + (int64_t)cy * CIVID__CELL_PX * out.stride, out.stride);
}
