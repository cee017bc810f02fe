/* lanes.h - the steps that have a twin for each instruction set. */
#ifndef CIVID_COMPARE_LANES_H
#define CIVID_COMPARE_LANES_H

#include "compare/scratch.h"

/* compatible: how well any two candidates agree about the movement between the prints, 0..1. */
typedef void civid__relate_fn(civid__scratch_t *t);
/* hits: the minutiae of b that minutia i of a may be paired with; returns how many. */
typedef int32_t civid__near_fn(const civid__scratch_t *t, int32_t i, int32_t m, uint8_t *hits);

civid__relate_fn civid__relate_portable, civid__relate_avx2, civid__relate_avx512,
    civid__relate_neon;
civid__near_fn civid__near_portable, civid__near_avx2, civid__near_avx512, civid__near_neon;

#endif
