/* binarize.c - ridge where the enhanced image is positive, inside the mask. */
#include <string.h>

#include "stages.h"

void civid__binarize(civid__frame *f) {
    memset(f->ink, 0, (size_t)f->ink_stride * (size_t)(f->height + 2));
    for (int32_t y = 0; y < f->height; y++) {
        const int16_t *in = f->enhanced.origin + (int64_t)y * f->enhanced.stride;
        const uint8_t *mask = f->mask + y / BLOCK * f->blocks_x;
        uint8_t *out = f->ink + (int64_t)(y + 1) * f->ink_stride + 1;
        for (int32_t x = 0; x < f->width; x++) out[x] = (uint8_t)((in[x] > 0) & mask[x / BLOCK]);
    }
}
