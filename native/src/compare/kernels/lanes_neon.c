/* lanes_neon.c - four lanes. */
#include "compare/kernels/lanes.h"
#include "lowest_bit.h"
#include "tables/wave_table.h"

#if CIVID_ARM64
#include <arm_neon.h>
#include <string.h>

/* One bit a lane out of two comparisons. */
static inline uint32_t both(uint32x4_t a, uint32x4_t b) {
    static const uint32_t place[4] = {1, 2, 4, 8};
    return vaddvq_u32(vandq_u32(vandq_u32(a, b), vld1q_u32(place)));
}

static inline float32x4_t without(float32x4_t v, int32_t lane) {
    static const int32_t lanes[4] = {0, 1, 2, 3};
    const uint32x4_t own = vceqq_s32(vld1q_s32(lanes), vdupq_n_s32(lane));
    return vreinterpretq_f32_u32(vbicq_u32(vreinterpretq_u32_f32(v), own));
}

#define RELATE civid__relate_neon
#define NEAR civid__near_neon
#define RELAX civid__relax_neon
#define BEND civid__bend_neon
#define OUTSIDE civid__outside_neon
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
#define WITHOUT(v, lane) without(v, lane)
#define NEARER(d2, far, cosine, straight) both(vcltq_f32(d2, far), vcgtq_f32(cosine, straight))

#include "compare/kernels/bend_body.h"
#include "compare/kernels/near_body.h"
#include "compare/kernels/outside_body.h"
#include "compare/kernels/relate_body.h"
#include "compare/kernels/relax_body.h"
#endif
