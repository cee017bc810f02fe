/* lanes.h - the steps that have a twin for each instruction set. */
#ifndef CIVID_COMPARE_LANES_H
#define CIVID_COMPARE_LANES_H

#include "compare/scratch.h"

/* compatible: how well any two candidates agree about the movement between the prints, 0..1. */
typedef void civid__relate_fn(civid__scratch_t *t);
/* weight: strengthened by compatible candidates, weakened without. */
typedef void civid__relax_fn(civid__scratch_t *t);
/* px, py: each of n moved minutiae of a drawn along by how the pairs near it deviate. */
typedef void civid__bend_fn(civid__scratch_t *t, int32_t n);
/* out: how far outside the hull of the other print n minutiae lie once moved, px; 64-byte aligned, up to
 * whole lanes. */
typedef void civid__outside_fn(const civid__side_t *side, int32_t n, civid__movement_t m,
                               const int16_t *support, float *out);
/* hits: the minutiae of b that minutia i of a may be paired with, no farther than distance px; returns
 * how many. */
typedef int32_t civid__near_fn(const civid__scratch_t *t, int32_t i, int32_t m, float distance,
                               uint8_t *hits);

civid__relate_fn civid__relate_portable, civid__relate_avx2, civid__relate_avx512,
    civid__relate_neon;
civid__relax_fn civid__relax_portable, civid__relax_avx2, civid__relax_avx512, civid__relax_neon;
civid__bend_fn civid__bend_portable, civid__bend_avx2, civid__bend_avx512, civid__bend_neon;
civid__outside_fn civid__outside_portable, civid__outside_avx2, civid__outside_avx512,
    civid__outside_neon;
civid__near_fn civid__near_portable, civid__near_avx2, civid__near_avx512, civid__near_neon;

#endif
