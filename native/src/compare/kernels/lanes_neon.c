/* lanes_neon.c - four lanes. */
#include "compare/kernels/lanes.h"

#if CIVID_ARM64
#include <arm_neon.h>

/* One bit a lane out of two comparisons. */
static inline uint32_t both(uint32x4_t a, uint32x4_t b) {
    static const uint32_t place[4] = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32(vandq_u32(a, b), vld1q_u32(place)));
}

#define RELATE civid__relate_neon
#define NEAR civid__near_neon
#define LANES 4
#define FIRST(p) 0
#define MIRROR(t, p, q) (void)0
#define FLOATS float32x4_t
#define LOAD(p) vld1q_f32(p)
#define STORE(p, v) vst1q_f32(p, v)
#define SET(v) vdupq_n_f32(v)
#define ADD(a, b) vaddq_f32(a, b)
#define SUB(a, b) vsubq_f32(a, b)
#define MUL(a, b) vmulq_f32(a, b)
#define DIV(a, b) vdivq_f32(a, b)
#define SQRT(a) vsqrtq_f32(a)
#define MAX(a, b) vmaxq_f32(a, b)
#define NEARER(d2, far, cosine, straight) both(vcltq_f32(d2, far), vcgtq_f32(cosine, straight))

#include "compare/kernels/near_body.h"
#include "compare/kernels/relate_body.h"
#endif
