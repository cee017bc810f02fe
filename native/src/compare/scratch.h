/* scratch.h - what one comparison works with. A and B are the two templates in their canonical
 * order, so that a comparison is symmetric by construction. */
#ifndef CIVID_COMPARE_SCRATCH_H
#define CIVID_COMPARE_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include "civid.h"
#include "compare/compare_params.h"
#include "compare/template/prepared.h"
#include "compiler.h"

#define CIVID__LANES 16  /* of float: rows are padded to it */
#define CIVID__SIDE 256  /* CIVID_MAX_MINUTIAE, padded */

/* One side of a comparison, spread out for the lanes. px; sine and cosine of the direction. */
typedef struct {
    CIVID_ALIGNED(64) float x[CIVID__SIDE], y[CIVID__SIDE], c[CIVID__SIDE], s[CIVID__SIDE];
} civid__side_t;

/* One print laid on the other: a turn, then a shift, px. */
typedef struct {
    float c, s, x, y;
} civid__movement_t;

/* What the raw similarity is made of. */
typedef struct {
    float cluster;    /* sum of the compatibilities inside the chosen cluster */
    int32_t chosen;   /* its size */
    int32_t pairs;    /* finally paired minutiae */
    float geometry;   /* sum over the pairs of how well they fit */
    float evidence;   /* the same, times how alike their codes are */
    int32_t overlap_a, overlap_b; /* minutiae inside the other's hull */
    int32_t area;     /* evidence of those, paired or alone, by quality; 1/64 nats */
    int32_t types;    /* evidence of the pairs' types; 1/64 nats */
    int32_t count_a, count_b;
} civid__features_t;

typedef struct {
    CIVID_ALIGNED(64) uint8_t distance[CIVID__SIDE * CIVID__SIDE]; /* bits, 255 = none; row i, stride */
    CIVID_ALIGNED(64) uint8_t row_best[CIVID__SIDE], column_best[CIVID__SIDE];
    CIVID_ALIGNED(64) civid__side_t a, b;
    /* candidates, as columns for the lanes */
    CIVID_ALIGNED(64) float xa[CIVID__MAX_CANDIDATES], ya[CIVID__MAX_CANDIDATES];
    CIVID_ALIGNED(64) float xb[CIVID__MAX_CANDIDATES], yb[CIVID__MAX_CANDIDATES];
    CIVID_ALIGNED(64) float turn_c[CIVID__MAX_CANDIDATES], turn_s[CIVID__MAX_CANDIDATES];
    CIVID_ALIGNED(64) float weight[CIVID__MAX_CANDIDATES], next[CIVID__MAX_CANDIDATES];
    CIVID_ALIGNED(64) float support[CIVID__MAX_CANDIDATES];
    CIVID_ALIGNED(64) float compatible[CIVID__MAX_CANDIDATES * CIVID__MAX_CANDIDATES];
    uint8_t candidate_a[CIVID__MAX_CANDIDATES], candidate_b[CIVID__MAX_CANDIDATES];
    /* pairing */
    CIVID_ALIGNED(64) float px[CIVID__SIDE], py[CIVID__SIDE], pc[CIVID__SIDE], ps[CIVID__SIDE];
    CIVID_ALIGNED(64) uint32_t offer[CIVID__MAX_OFFERS];
    uint8_t pair_a[CIVID__SIDE], pair_b[CIVID__SIDE];
    uint8_t used_a[CIVID__SIDE], used_b[CIVID__SIDE];
    civid__movement_t movement; /* a onto b, by the final pairs */
    /* the pairing before it was grown */
    CIVID_ALIGNED(64) float kept_x[CIVID__SIDE], kept_y[CIVID__SIDE], kept_c[CIVID__SIDE], kept_s[CIVID__SIDE];
    uint8_t kept_a[CIVID__SIDE], kept_b[CIVID__SIDE];
    int32_t stride;     /* of distance */
    int32_t candidates;
    int32_t padded;     /* candidates, up to whole lanes */
    civid__features_t features;
    const civid_comparator_t *with; /* of the comparison under way */
} civid__scratch_t;

#endif
