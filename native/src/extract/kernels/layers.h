/* layers.h - the two kinds of layer of the network of fields, with a twin for each instruction set.
 *
 * Maps are planes of float32 with LAYER_EDGE rows of zeros above and below and LAYER_INSET columns of
 * them on both sides, so that a layer may look outside. Sums are made in the order of the weights, by
 * one multiplication and one addition each: the same bits everywhere. */
#ifndef CIVID_EXTRACT_LAYERS_H
#define CIVID_EXTRACT_LAYERS_H

#include <stdint.h>

enum { LAYER_LANES = 16, LAYER_EDGE = 8, LAYER_INSET = LAYER_LANES, LAYER_SIDE = 5 };

/* Where the values of maps lie. `first`: of the first value from the start of its plane; rows of
 * `columns` values, in whole LAYER_LANES, of which the last ones may hang over. */
typedef struct {
    int64_t plane, first;
    int32_t stride, rows, columns;
} civid__maps_t;

/* out[o] = bias[o] + sum of weights[o][i] x in[i], at each place; `add`: to what is in out, and nothing
 * below 0. inputs, outputs: numbers of maps; outputs in whole fours. What hangs over becomes rubbish. */
typedef void civid__mix_fn(const civid__maps_t *maps, const float *in, int32_t inputs,
                           const float *weights, const float *bias, float *out, int32_t outputs,
                           int32_t add);
/* out = bias + a sum over 5 x 5 places `apart` from each other, one map, nothing below 0. */
typedef void civid__spread_fn(const civid__maps_t *maps, const float *in, const float *weights,
                              float bias, int32_t apart, float *out);

civid__mix_fn civid__mix_portable, civid__mix_avx2, civid__mix_avx512, civid__mix_neon;
civid__spread_fn civid__spread_portable, civid__spread_avx2, civid__spread_avx512,
    civid__spread_neon;

#endif
