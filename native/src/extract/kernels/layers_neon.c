/* layers_neon.c - four lanes. */
#include "compiler.h"
#include "extract/kernels/layers.h"

#if CIVID_ARM64
#include <arm_neon.h>

#define MIX civid__mix_neon
#define SPREAD civid__spread_neon
#define LANES 4
#define FLOATS float32x4_t
#define LOAD(p) vld1q_f32(p)
#define LOAD_ANY(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32(p, v)
#define SET(v) vdupq_n_f32(v)
#define ADD(a, b) vaddq_f32(a, b)
#define MUL(a, b) vmulq_f32(a, b)
#define MAX(a, b) vmaxq_f32(a, b)

#include "extract/kernels/layers_body.h"
#endif
