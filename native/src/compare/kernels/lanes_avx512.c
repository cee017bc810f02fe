/* lanes_avx512.c - sixteen lanes. */
#include "compare/kernels/lanes.h"

#if CIVID_X86
#include <immintrin.h>

CIVID_TARGET_AVX512

#define RELATE civid__relate_avx512
#define NEAR civid__near_avx512
#define LANES 16
#define FIRST(p) 0
#define MIRROR(t, p, q) (void)0
#define FLOATS __m512
#define LOAD(p) _mm512_load_ps(p)
#define STORE(p, v) _mm512_store_ps(p, v)
#define SET(v) _mm512_set1_ps(v)
#define ADD(a, b) _mm512_add_ps(a, b)
#define SUB(a, b) _mm512_sub_ps(a, b)
#define MUL(a, b) _mm512_mul_ps(a, b)
#define DIV(a, b) _mm512_div_ps(a, b)
#define SQRT(a) _mm512_sqrt_ps(a)
#define MAX(a, b) _mm512_max_ps(a, b)
#define NEARER(d2, far, cosine, straight)                                             \
    (uint32_t)_mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(d2, far, _CMP_LT_OQ), cosine, \
                                      straight, _CMP_GT_OQ)

#include "compare/kernels/near_body.h"
#include "compare/kernels/relate_body.h"

CIVID_TARGET_END
#endif
