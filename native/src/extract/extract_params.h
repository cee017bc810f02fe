/* extract_params.h - every constant of the extraction, with its origin.
 *
 * Lengths are px at 500 dpi, where ridges of adults stand 8 to 11 px apart. "chosen": reasoned from
 * that, then looked at on prints of all sensors at hand; none is fitted to one set. */
#ifndef CIVID_EXTRACT_PARAMS_H
#define CIVID_EXTRACT_PARAMS_H

/* ---- grids ---- */
#define CIVID__BLOCK_PX 8 /* side of a block of the orientation field; under one ridge period */
#define CIVID__CELL_PX 2  /* side of a cell of one filter context: curvature near cores survives */
#define CIVID__PAD_PX 32  /* empty border of filtered images; at least KERNEL_STRIDE - KERNEL_RADIUS */

/* ---- resampling ---- */
#define RESAMPLE_MAX_TAPS 34 /* 4 x the largest reduction (4000 / 500) + 2 */

/* ---- normalisation ---- */
#define NORM_GAIN 40.0f        /* standard deviation afterwards; int8 then holds +-3 sigma */
#define NORM_FLOOR 2.0f        /* grey levels: sensor noise is not made into ridges */
#define NORM_FLOOR_SHARE 0.08f /* of the contrast of the print; chosen */

/* ---- segmentation ---- */
#define CONTRAST_RANK 0.85f     /* the print's contrast is this quantile of its blocks */
#define CONTRAST_MIN 2.5f       /* grey levels; below it nothing is a ridge */
#define CONTRAST_SHARE_LOW 0.12f /* of the print's contrast: first, generous mask */
#define CONTRAST_SHARE 0.20f    /* final mask; chosen */
#define RIDGE_SHARE 0.33f       /* enhanced / normalised amplitude of a ridge block; chosen */
#define MASK_MIN_BLOCKS 30      /* smaller pieces of print (about 6 x 5 blocks) are dropped */
#define MASK_MAX_HOLE 40        /* smaller holes are filled, in blocks */

/* ---- orientation ---- */
#define TENSOR_EDGE 3        /* px next to the image's border see the padding: no gradient there */
#define TENSOR_SHIFT 5       /* gradients >> 5 before squaring: 64 squares fit 32 bits */
#define SCALE_SMALL 0.8f     /* smoothing in blocks: sigma of the three scales */
#define SCALE_MIDDLE 2.0f
#define SCALE_LARGE 4.0f

/* The second look is trusted as far as EXPLAINED x its gradient energy / that of the normalised
 * image goes: clean ridges keep about two thirds. 1.2 to 2 differ little; without it errors on
 * FVC2000 DB3 were half as many again. */
#define EXPLAINED 1.5f

/* ---- ridge period ---- */
#define PERIOD_MIN 4.5f   /* children of about 5 years */
#define PERIOD_MAX 15.0f  /* large thumbs */
#define PERIOD_DEFAULT 9.0f /* adult mean at 500 dpi (Maltoni et al., Handbook, 2009) */
#define PERIOD_STEP 2      /* one signature every 2 blocks */
#define SIGNATURE_HALF 24  /* samples on each side across the ridges */
#define SIGNATURE_WIDTH 8  /* samples on each side along the ridges, 2 px apart (Hong 1998: 16) */
#define LAG_MIN 4
#define LAG_MAX 20
#define PERIOD_TRUST 0.25f /* autocorrelation at its peak below this is no period */
#define PERIOD_SIGMA 3.0f  /* smoothing, in signatures */

/* ---- filters ---- */
#define NO_CONTEXT 0xffffu /* a cell outside the print: no filter */
#define KERNEL_RADIUS 11
#define KERNEL_ROWS 23
#define KERNEL_STRIDE 32 /* taps in a row with its zeros: one 64-byte register of int16 */
#define ORIENTATIONS 64  /* steps of 2.8 degrees: fewer seams between cells than 32 */
#define PERIODS 9
#define PERIOD_FIRST 5.0f
#define PERIOD_RATIO 1.137f /* 5.0 .. 14.0 px; steps well inside one octave of bandwidth */
#define SIGMA_ACROSS 0.40f  /* of the period: about one octave (Daugman); 0.36 to 0.42 differ little */
#define SIGMA_ALONG 0.46f   /* longer bridges gaps, but invents ridges; better than 0.40, 0.60, 0.75 */
#define SIGMA_ALONG_MIN 3.5f
#define KERNEL_UNITY 14 /* a matching wave of amplitude 1 gives 2^14 */

/* ---- binary image ---- */
#define SPECK_AREA 30 /* px; a ridge piece under 7 px long */
#define HOLE_AREA 20  /* px; sweat pores */

/* ---- thinning ---- */
#define THIN_ROUNDS 64 /* a blob of 128 px is no ridge; bounds the time on odd images */

/* ---- skeleton repair, lengths in ridge periods ---- */
#define SPUR_LENGTH 0.6f
#define ISLAND_LENGTH 1.0f
#define ENDING_REACH 9 /* px of line that tell where an ending points */
#define GAP_LENGTH 1.3f
#define GAP_ALIGNED 0.70f /* cosine between an ending's direction and the gap */
#define BRIDGE_LENGTH 1.3f
#define BRIDGE_STEEP 0.60f /* sine between bridge and ridge flow */
#define LAKE_LENGTH 2.0f

/* ---- minutiae ---- */
#define DIRECTION_SIGMA 1.5f /* blocks; directions of mated minutiae then differ least */
#define MAX_RAW 2048       /* before the filters; more is noise */
#define MAX_ENDINGS 2048   /* of the skeleton, the same */
#define DIRECTION_REACH 12 /* px of line that tell which way along the field */
#define BORDER_AHEAD 14   /* px that an ending has to be inside the mask in front of it */
#define BORDER_DISTANCE 6 /* and all round */
#define TWIN_DISTANCE 6.0f  /* facing minutiae this near destroy each other */
#define CROWD_RADIUS 20.0f
#define CROWD_LIMIT 6 /* more neighbours than this within CROWD_RADIUS: noise */

/* ---- quality ---- */
#define RIDGE_FULL 0.85f       /* ridgeness of clean ink */
#define QUALITY_LEAST 5        /* of a minutia that is kept; 1, 10, 18 were worse */
#define QUALITY_MINUTIAE 15.0f /* good minutiae for 63 % of the full mark: ranks mated scores best */

#endif
