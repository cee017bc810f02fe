/* figures.c - what civid.fingerprint.quality explains a poor print by, counted while it is at hand.
 *
 * Counts and sums of whole numbers; what is made of them is made in Python. */
#include <string.h>

#include "extract/extract_stages.h"

/* Ridges and valleys are told apart by tiles of 32 px: three periods, so that there are both in
 * each, and slow changes of pressure do not count. */
enum { TILE = 4 * CIVID__BLOCK_PX };

/* Greys of the valleys and the ridges of a tile, and how many. */
typedef struct {
    int32_t sum[2], count[2];
} tile;

/* f->scratch has 8 values a block, a tile needs 4 and has up to 16 blocks. Nothing between binarize
 * and repair_skeleton uses it. */
static tile *tiles(const civid__frame_t *f) { return (tile *)(void *)f->scratch; }

static int32_t tiles_across(const civid__frame_t *f) { return (f->width + TILE - 1) / TILE; }

void civid__figures_of_ridges(const civid__frame_t *f, civid_figures_t *out) {
    *out = (civid_figures_t){0};
    tile *const all = tiles(f);
    const int32_t across = tiles_across(f);
    memset(all, 0, (size_t)across * (size_t)((f->height + TILE - 1) / TILE) * sizeof *all);
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *grey = f->grey + (int64_t)y * f->width;
        const uint8_t *ink = f->ink + (int64_t)(y + 1) * f->ink_stride + 1;
        const uint8_t *mask = f->mask + y / CIVID__BLOCK_PX * f->blocks_x;
        tile *row = all + (int64_t)(y / TILE) * across;
        for (int32_t b = 0; b < f->blocks_x; b++) {
            if (!mask[b]) continue;
            const int32_t x0 = b * CIVID__BLOCK_PX;
            const int32_t x1 = x0 + CIVID__BLOCK_PX < f->width ? x0 + CIVID__BLOCK_PX : f->width;
            tile *t = &row[x0 / TILE];
            for (int32_t x = x0; x < x1; x++) {
                out->greys[grey[x]]++;
                t->sum[ink[x]] += grey[x], t->count[ink[x]]++;
                out->x_sum += x;
                out->at_side[0] += x < CIVID__BLOCK_PX;
                out->at_side[1] += x >= f->width - CIVID__BLOCK_PX;
            }
            out->y_sum += (int64_t)y * (x1 - x0);
            if (y < CIVID__BLOCK_PX) out->at_side[2] += x1 - x0;
            if (y >= f->height - CIVID__BLOCK_PX) out->at_side[3] += x1 - x0;
        }
    }
    const int32_t count = across * ((f->height + TILE - 1) / TILE);
    for (int32_t i = 0; i < count; i++) {
        out->valley_sum += all[i].sum[0], out->valley_px += all[i].count[0];
        out->ridge_sum += all[i].sum[1], out->ridge_px += all[i].count[1];
    }
    for (int32_t b = 0; b < f->blocks; b++)
        if (f->mask[b]) out->blocks++, out->coherence_sum += (double)f->coherence[b];
}

/* The sum of the nine greys in and around a pixel; those of the border stand for those beyond. */
static int32_t around(const civid__frame_t *f, int32_t x, int32_t y) {
    int32_t sum = 0;
    for (int32_t v = y - 1; v <= y + 1; v++) {
        const int32_t line = v < 0 ? 0 : v >= f->height ? f->height - 1 : v;
        const uint8_t *grey = f->grey + (int64_t)line * f->width;
        sum += grey[x > 0 ? x - 1 : x] + grey[x] + grey[x < f->width - 1 ? x + 1 : x];
    }
    return sum;
}

/* The two largest pieces of the mask: of the blocks whose middle lies in the image. */
static void pieces(const civid__frame_t *f, civid_figures_t *out) {
    const int32_t across = (f->width + CIVID__BLOCK_PX / 2 - 1) / CIVID__BLOCK_PX;
    const int32_t down = (f->height + CIVID__BLOCK_PX / 2 - 1) / CIVID__BLOCK_PX;
    const int32_t n = across * down;
    int32_t *queue = (int32_t *)(void *)f->scratch, *seen = queue + n;
    for (int32_t i = 0; i < n; i++) seen[i] = !f->mask[i / across * f->blocks_x + i % across];
    for (int32_t i = 0; i < n; i++) {
        if (seen[i]) continue;
        civid_piece_t piece = {0};
        queue[piece.blocks++] = i, seen[i] = 1;
        for (int32_t head = 0; head < piece.blocks; head++) {
            const int32_t at = queue[head], x = at % across, y = at / across;
            piece.x_sum += x, piece.y_sum += y;
            const int32_t next[4] = {x > 0 ? at - 1 : at, x < across - 1 ? at + 1 : at,
                                     y > 0 ? at - across : at, y < down - 1 ? at + across : at};
            for (int32_t k = 0; k < 4; k++)
                if (!seen[next[k]]) seen[next[k]] = 1, queue[piece.blocks++] = next[k];
        }
        if (piece.blocks > out->pieces[0].blocks)
            out->pieces[1] = out->pieces[0], out->pieces[0] = piece;
        else if (piece.blocks > out->pieces[1].blocks)
            out->pieces[1] = piece;
    }
}

void civid__figures_of_lines(const civid__frame_t *f, civid_figures_t *out) {
    const tile *const all = tiles(f);
    const int32_t across = tiles_across(f);
    for (int32_t y = 0; y < f->height; y++) {
        const uint8_t *line = f->ink + (int64_t)(y + 1) * f->ink_stride + 1;
        const uint8_t *mask = f->mask + y / CIVID__BLOCK_PX * f->blocks_x;
        for (int32_t x = 0; x < f->width; x++) {
            if (!line[x] || !mask[x / CIVID__BLOCK_PX]) continue;
            const tile *t = &all[(int64_t)(y / TILE) * across + x / TILE];
            if (!t->count[0] || !t->count[1]) continue;
            const double middle = ((double)t->sum[1] / (double)t->count[1] +
                                   (double)t->sum[0] / (double)t->count[0]) /
                                  2.0;
            out->line_px++;
            out->light_px += (double)around(f, x, y) / 9.0 > middle;
        }
    }
    pieces(f, out);
}
