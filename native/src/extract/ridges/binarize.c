/* binarize.c - ridge where the enhanced image is positive, inside the mask. */
#include <string.h>

#include "extract/extract_stages.h"

void civid__binarize(civid__frame_t *f) {
    memset(f->ink, 0, (size_t)f->ink_stride * (size_t)(f->height + 2));
    for (int32_t y = 0; y < f->height; y++) {
        const int16_t *in = f->enhanced.origin + (int64_t)y * f->enhanced.stride;
        const uint8_t *mask = f->mask + y / CIVID__BLOCK_PX * f->blocks_x;
        uint8_t *out = f->ink + (int64_t)(y + 1) * f->ink_stride + 1;
        for (int32_t x = 0; x < f->width; x++)
            out[x] = (uint8_t)((in[x] > 0) & mask[x / CIVID__BLOCK_PX]);
    }
}
