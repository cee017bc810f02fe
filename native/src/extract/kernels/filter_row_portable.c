/* filter_row_portable.c - the filter in plain C; compilers make multiply-add pairs of it. */
#include "extract/kernels/filter_level.h"
#include "extract/kernels/filter_row.h"

enum { WIDTH = 24 }; /* columns with taps, rounded up to whole SSE2 and NEON registers */

void civid__filter_row_portable(const int16_t *image, int32_t stride, const int16_t *bank,
                                const uint16_t *context, int32_t cells, int16_t *out,
                                int32_t out_stride) {
    for (int32_t c = 0; c < cells; c++) {
        if (context[c] == NO_CONTEXT) continue; /* out is zero already */
        const int16_t *kernel = bank + (int64_t)context[c] * KERNEL_ROWS * KERNEL_STRIDE;
        for (int32_t k = 0; k < CIVID__CELL_PX * CIVID__CELL_PX; k++) {
            const int32_t x = c * CIVID__CELL_PX + k % CIVID__CELL_PX, y = k / CIVID__CELL_PX;
            const int16_t *in =
                image + (int64_t)(y - KERNEL_RADIUS) * stride + x - KERNEL_RADIUS;
            int32_t sum = 0;
            for (int32_t r = 0; r < KERNEL_ROWS; r++) {
                const int16_t *a = in + (int64_t)r * stride, *b = kernel + r * KERNEL_STRIDE;
                for (int32_t j = 0; j < WIDTH; j++) sum += (int32_t)a[j] * b[j];
            }
            out[(int64_t)y * out_stride + x] = civid__filter_level(sum);
        }
    }
}
