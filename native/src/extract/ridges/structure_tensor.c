/* structure_tensor.c - sums of gradient products over each block (Bigun, Granlund 1987).
 *
 * Gradients are derivatives of a binomial of 5 x 5; int16 in, int32 sums, so plain loops give the
 * same bits on any vector width. */
#include <string.h>

#include "compiler.h"
#include "extract/extract_stages.h"

/* Five rows -> their binomial and their derivative. In functions of their own, because compilers
 * believe restrict only of parameters. */
static void across(const int16_t *r0, int32_t stride, int32_t n, int16_t *CIVID_RESTRICT down,
                   int16_t *CIVID_RESTRICT slope) {
    const int16_t *p1 = r0 + stride, *m1 = r0 - stride;
    const int16_t *p2 = p1 + stride, *m2 = m1 - stride;
    for (int32_t x = -2; x < n + 2; x++) {
        down[x] = (int16_t)(m2[x] + p2[x] + 4 * (m1[x] + p1[x]) + 6 * r0[x]);
        slope[x] = (int16_t)(p2[x] - m2[x] + 2 * (p1[x] - m1[x]));
    }
}

/* |sums| <= 12192: int16, so that compilers multiply 16 bits by 16. */
static void accumulate(const int16_t *down, const int16_t *slope, int32_t end,
                       int32_t *CIVID_RESTRICT xx, int32_t *CIVID_RESTRICT yy,
                       int32_t *CIVID_RESTRICT xy) {
    for (int32_t x = TENSOR_EDGE; x < end; x++) {
        const int16_t sx =
            (int16_t)(down[x + 2] - down[x - 2] + 2 * (down[x + 1] - down[x - 1]));
        const int16_t sy = (int16_t)(slope[x - 2] + slope[x + 2] +
                                     4 * (slope[x - 1] + slope[x + 1]) + 6 * slope[x]);
        const int16_t gx = (int16_t)(sx >> TENSOR_SHIFT);
        const int16_t gy = (int16_t)(sy >> TENSOR_SHIFT);
        xx[x] += (int32_t)gx * gx;
        yy[x] += (int32_t)gy * gy;
        xy[x] += (int32_t)gx * gy;
    }
}

void civid__structure_tensor(civid__frame_t *f, civid__plane_t image, civid__tensor_t out) {
    const int32_t padded = f->blocks_x * CIVID__BLOCK_PX, n = padded + 2 * CIVID__PAD_PX;
    int32_t *xx = f->columns, *yy = xx + n, *xy = yy + n;
    int16_t *down = (int16_t *)(xy + n) + CIVID__PAD_PX, *slope = down + n;
    for (int32_t by = 0; by < f->blocks_y; by++) {
        memset(xx, 0, (size_t)(3 * n) * sizeof *xx);
        for (int32_t y = by * CIVID__BLOCK_PX; y < by * CIVID__BLOCK_PX + CIVID__BLOCK_PX; y++) {
            if (y < TENSOR_EDGE || y >= f->height - TENSOR_EDGE) continue;
            across(image.origin + (int64_t)y * image.stride, image.stride, padded, down, slope);
            accumulate(down, slope, f->width - TENSOR_EDGE, xx, yy, xy);
        }
        for (int32_t bx = 0; bx < f->blocks_x; bx++) {
            int32_t a = 0, b = 0, c = 0;
            for (int32_t x = bx * CIVID__BLOCK_PX; x < bx * CIVID__BLOCK_PX + CIVID__BLOCK_PX; x++)
                a += xx[x], b += yy[x], c += xy[x];
            const int32_t i = by * f->blocks_x + bx;
            /* The ridge is across the gradient (both parts change sign), and its angle counts
             * upwards while y counts down (the sine changes it back). */
            out.cosine[i] = (float)(b - a) * (1.0f / 4096);
            out.sine[i] = (float)c * (2.0f / 4096);
            out.energy[i] = (float)(a + b) * (1.0f / 4096);
        }
    }
}
