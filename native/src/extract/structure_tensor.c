/* structure_tensor.c - sums of gradient products over each block (Bigun, Granlund 1987).
 *
 * Gradients are derivatives of a binomial of 5 x 5; int16 in, int32 sums, so plain loops give the
 * same bits on any vector width. */
#include <string.h>

#include "compiler.h"
#include "stages.h"

#define EDGE 3 /* px next to the image's border see the padding: no gradient there */

void civid__structure_tensor(civid__frame *f, civid__plane image, civid__tensor out) {
    const int32_t padded = f->blocks_x * BLOCK, n = padded + 2 * PAD;
    int32_t *CIVID_RESTRICT xx = f->columns, *CIVID_RESTRICT yy = xx + n;
    int32_t *CIVID_RESTRICT xy = xx + 2 * n;
    int16_t *CIVID_RESTRICT down = (int16_t *)(xx + 3 * n) + PAD;
    int16_t *CIVID_RESTRICT slope = down + n;
    for (int32_t by = 0; by < f->blocks_y; by++) {
        memset(xx, 0, (size_t)(3 * n) * sizeof *xx);
        for (int32_t y = by * BLOCK; y < by * BLOCK + BLOCK; y++) {
            if (y < EDGE || y >= f->height - EDGE) continue;
            const int16_t *r0 = image.origin + (int64_t)y * image.stride;
            const int16_t *p1 = r0 + image.stride, *m1 = r0 - image.stride;
            const int16_t *p2 = p1 + image.stride, *m2 = m1 - image.stride;
            for (int32_t x = -2; x < padded + 2; x++) {
                down[x] = (int16_t)(m2[x] + p2[x] + 4 * (m1[x] + p1[x]) + 6 * r0[x]);
                slope[x] = (int16_t)(p2[x] - m2[x] + 2 * (p1[x] - m1[x]));
            }
            const int32_t end = f->width - EDGE;
            for (int32_t x = EDGE; x < end; x++) {
                /* |sums| <= 12192: int16, so that compilers multiply 16 bits by 16 */
                const int16_t sx = (int16_t)(down[x + 2] - down[x - 2] +
                                             2 * (down[x + 1] - down[x - 1]));
                const int16_t sy = (int16_t)(slope[x - 2] + slope[x + 2] +
                                             4 * (slope[x - 1] + slope[x + 1]) + 6 * slope[x]);
                const int16_t gx = (int16_t)(sx >> TENSOR_SHIFT);
                const int16_t gy = (int16_t)(sy >> TENSOR_SHIFT);
                xx[x] += (int32_t)gx * gx;
                yy[x] += (int32_t)gy * gy;
                xy[x] += (int32_t)gx * gy;
            }
        }
        for (int32_t bx = 0; bx < f->blocks_x; bx++) {
            int32_t a = 0, b = 0, c = 0;
            for (int32_t x = bx * BLOCK; x < bx * BLOCK + BLOCK; x++)
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
