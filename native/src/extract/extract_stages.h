/* extract_stages.h - what the stages of the extraction share, and one prototype for each.
 *
 * Internal angles are those of civid.h: counter-clockwise on the screen, y down, so that a ridge of
 * angle t runs along (cos t, -sin t) in pixels. */
#ifndef CIVID_EXTRACT_STAGES_H
#define CIVID_EXTRACT_STAGES_H

#include <stdint.h>

#include "civid.h"
#include "mathf.h"
#include "extract/extract_params.h"

/* A padded image of int16: pixel (0, 0) at origin, CIVID__PAD_PX of zeros all round (whole
 * blocks). */
typedef struct {
    int16_t *origin;
    int32_t stride; /* items */
} civid__plane_t;

/* Structure tensor of each block: (gxx - gyy), 2 gxy with the sign of the ridge's doubled angle,
 * and gxx + gyy. */
typedef struct {
    float *cosine, *sine, *energy;
} civid__tensor_t;

typedef struct {
    civid_extraction_t parameters;
    civid_fields_t given;              /* all NULL: everything is found here */
    int32_t width, height;             /* at 500 dpi */
    int32_t blocks_x, blocks_y, blocks;
    int32_t cells_x, cells_y;
    int32_t period_x, period_y;        /* grid of period signatures */
    int32_t words;                     /* 64-bit words of a bit row, guards included */
    float contrast;                    /* grey levels of the print's good part */
    float period_median;               /* px, 0 = unknown */

    /* bytes of the first buffer set; every pointer is 64-byte aligned */
    uint8_t *grey;                     /* height x width */
    civid__plane_t normal, enhanced;
    float *mean, *deviation;           /* a block */
    uint8_t *mask, *mask_wide;         /* a block, 0 or 1 */
    float *scratch;                    /* 8 a block */
    float *smoothing;                  /* a block */
    civid__tensor_t raw, smooth;         /* a block */
    float *energy;                     /* a block: gradient energy of the normalised image */
    float *cosine, *sine, *coherence;  /* a block: unit doubled-angle vector of the ridge */
    float *agreement;                  /* a block, -1..1: did the second look see the same? */
    float *ridgeness;                  /* a block, about 0..1 */
    float *period;                     /* a block */
    float *period_raw, *period_trust;  /* a signature */
    float *features;                   /* FIELD_FEATURES a block, map by map; NULL without a network, as these: */
    float *room;                       /* for energies.c, then for fields_network.c */
    float *learned_cosine, *learned_sine; /* a block */
    uint8_t *first_mask;               /* a block: before the foreground was found */
    uint8_t *quality;                  /* a block, 0..100 */
    uint16_t *context;                 /* a cell: which filter */
    int16_t *bank;                     /* ORIENTATIONS x PERIODS kernels */
    uint8_t *bank_used;                /* a kernel: wanted, made */
    uint8_t *ink;                      /* (height + 2) x (width + 2): binary, later skeleton */
    int32_t ink_stride;
    uint64_t *bits_a, *bits_b;         /* (height + 2) x words */
    void *runs;                        /* of the binary image, see remove_specks.c */
    int32_t *columns;                  /* 8 a padded column */
    int16_t *weights;                  /* resampling */
    int16_t *ring;
    civid_minutia_t *minutiae;         /* MAX_RAW */
    int32_t count;
} civid__frame_t;

/* Lay the buffers out from base (NULL to measure); returns the bytes used. */
uint64_t civid__layout(civid__frame_t *f, int32_t in_width, int32_t in_height, double dpi,
                       int32_t learned, void *base);
void civid__output_size(int32_t width, int32_t height, double dpi, int32_t *out_width,
                        int32_t *out_height);

void civid__resample(civid__frame_t *f, const uint8_t *pixels, int32_t width, int32_t height,
                     int64_t stride, double dpi);
void civid__contrast(civid__frame_t *f);       /* -> mean, deviation, contrast, mask */
void civid__normalize(civid__frame_t *f);      /* -> normal */
void civid__structure_tensor(civid__frame_t *f, civid__plane_t image, civid__tensor_t out);
void civid__orientation(civid__frame_t *f, const float *reference, float gain);
void civid__ridge_period(civid__frame_t *f);   /* -> period, period_median */
civid_status civid__check_fields(const civid__frame_t *f);
void civid__take_direction(civid__frame_t *f); /* given -> cosine, sine */
void civid__take_period(civid__frame_t *f);    /* given -> period, period_median */
void civid__take_mask(civid__frame_t *f);      /* given -> mask, mask_wide */
void civid__make_kernel(const civid_extraction_t *parameters, float angle, float period,
                        int16_t *taps);
void civid__select_filter(civid__frame_t *f); /* -> context, bank */
void civid__enhance(civid__frame_t *f);        /* normal -> enhanced */
void civid__foreground(civid__frame_t *f);        /* -> ridgeness, mask, mask_wide */
void civid__binarize(civid__frame_t *f);       /* enhanced -> ink */
void civid__remove_specks(civid__frame_t *f);
void civid__figures_of_ridges(const civid__frame_t *f, civid_figures_t *out); /* binary -> out */
void civid__figures_of_lines(const civid__frame_t *f, civid_figures_t *out);  /* skeleton -> out */
void civid__thin(civid__frame_t *f);           /* ink -> one px wide */
void civid__repair_skeleton(civid__frame_t *f);
void civid__find_minutiae(civid__frame_t *f);
void civid__filter_minutiae(civid__frame_t *f);
void civid__block_quality(civid__frame_t *f);
void civid__minutia_quality(civid__frame_t *f);
int32_t civid__print_quality(const civid__frame_t *f);

/* Copy a finished stage to whoever asked for it. */
civid_status civid__capture(const civid__frame_t *f, int32_t stage, civid_capture_t *captures,
                            int32_t count);

/* Gaussian smoothing of count maps on the block grid, in place; borders renormalised by the
 * caller's weights (smooth the weights too). */
void civid__smooth_blocks(const civid__frame_t *f, float *map, int32_t width, int32_t height,
                          float sigma);
/* All zeros, the border included. */
void civid__clear(const civid__frame_t *f, civid__plane_t p);
void civid__dilate(const uint8_t *in, uint8_t *out, int32_t width, int32_t height, int32_t by);
/* Turn 4-connected pieces of value below min_area into 1 - value; pieces of 0 only where they do
 * not touch the border of the map. work: 2 ints a block. */
void civid__drop_pieces(uint8_t *map, int32_t width, int32_t height, uint8_t value,
                        int32_t min_area, int32_t *work);

/* The block of a pixel. */
static inline int32_t civid__block(const civid__frame_t *f, int32_t x, int32_t y) {
    return y / CIVID__BLOCK_PX * f->blocks_x + x / CIVID__BLOCK_PX;
}

#endif
