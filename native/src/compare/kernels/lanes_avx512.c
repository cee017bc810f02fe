/* lanes_avx512.c - sixteen lanes. */
#include "compare/kernels/lanes.h"
#include "lowest_bit.h"
#include "tables/wave_table.h"

#if CIVID_X86
#include <immintrin.h>
#include <string.h>

CIVID_TARGET_AVX512

#define RELATE civid__relate_avx512
#define NEAR civid__near_avx512
#define RELAX civid__relax_avx512
#define BEND civid__bend_avx512
#define OUTSIDE civid__outside_avx512
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
#define WITHOUT(v, lane) \
    _mm512_mask_mov_ps(v, (__mmask16)((uint32_t)(lane) < 16 ? 1u << (lane) : 0), _mm512_setzero_ps())
#define NEARER(d2, far, cosine, straight)                                             \
    (uint32_t)_mm512_mask_cmp_ps_mask(_mm512_cmp_ps_mask(d2, far, _CMP_LT_OQ), cosine, \
                                      straight, _CMP_GT_OQ)

#include "compare/kernels/bend_body.h"
#include "compare/kernels/near_body.h"
#include "compare/kernels/outside_body.h"
#include "compare/kernels/relate_body.h"
#include "compare/kernels/relax_body.h"

CIVID_TARGET_END
#endif
