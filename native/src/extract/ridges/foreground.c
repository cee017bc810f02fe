/* foreground.c - which blocks are print: enough contrast, and most of it in the form of ridges.
 *
 * A filter that matches ridges keeps their amplitude and loses that of noise, smears and
 * background texture: the share that is kept is the ridgeness of a block. */
#include <string.h>

#include "extract/extract_stages.h"

static void amplitude(const civid__frame_t *f, civid__plane_t p, float *out) {
    for (int32_t b = 0; b < f->blocks; b++) {
        const int32_t x0 = b % f->blocks_x * CIVID__BLOCK_PX;
        const int32_t y0 = b / f->blocks_x * CIVID__BLOCK_PX;
        int32_t sum = 0;
        for (int32_t y = y0; y < y0 + CIVID__BLOCK_PX; y++) {
            const int16_t *row = p.origin + (int64_t)y * p.stride + x0;
            for (int32_t x = 0; x < CIVID__BLOCK_PX; x++) sum += row[x] < 0 ? -row[x] : row[x];
        }
        out[b] = (float)sum;
    }
}

void civid__foreground(civid__frame_t *f) {
    const int32_t w = f->blocks_x, h = f->blocks_y;
    float *before = f->scratch, *after = before + f->blocks, *vote = after + f->blocks;
    amplitude(f, f->normal, before);
    amplitude(f, f->enhanced, after);
    civid__smooth_blocks(f, before, w, h, 1.0f);
    civid__smooth_blocks(f, after, w, h, 1.0f);
    const float share = f->parameters.contrast_share * f->contrast;
    const float low = share > f->parameters.contrast_least ? share : f->parameters.contrast_least;
    for (int32_t b = 0; b < f->blocks; b++) {
        f->ridgeness[b] = before[b] > 1.0f ? after[b] / before[b] : 0;
        vote[b] = (float)(f->mask[b] && f->deviation[b] > low &&
                          f->ridgeness[b] > f->parameters.ridge_share);
    }
    if (f->given.mask) {
        civid__take_mask(f);
        return;
    }
    civid__smooth_blocks(f, vote, w, h, 1.2f); /* a majority of the neighbourhood */
    for (int32_t b = 0; b < f->blocks; b++) f->mask[b] = vote[b] > 0.5f;
    int32_t *work = (int32_t *)f->scratch;
    civid__drop_pieces(f->mask, w, h, 1, f->parameters.mask_least_blocks, work);
    civid__drop_pieces(f->mask, w, h, 0, f->parameters.mask_most_hole, work);
    civid__dilate(f->mask, f->mask_wide, w, h, 1);
}
