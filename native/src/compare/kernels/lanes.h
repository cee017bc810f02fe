/* lanes.h - the steps that have a twin for each instruction set. */
#ifndef CIVID_COMPARE_LANES_H
#define CIVID_COMPARE_LANES_H

#include "compare/scratch.h"

/* compatible: how well any two candidates agree about the movement between the prints, 0..1. */
typedef void civid__relate_fn(civid__scratch_t *t);
/* hits: the minutiae of b that minutia i of a may be paired with; returns how many. */
typedef int32_t civid__near_fn(const civid__scratch_t *t, int32_t i, int32_t m, uint8_t *hits);

typedef struct {
    civid__relate_fn *relate;
    civid__near_fn *near;
} civid__lanes_t;

extern const civid__lanes_t civid__lanes_portable;
extern const civid__lanes_t civid__lanes_avx2;
extern const civid__lanes_t civid__lanes_avx512;
extern const civid__lanes_t civid__lanes_neon;

/* Those of the instruction set in use. */
const civid__lanes_t *civid__lanes(void);

#endif
