/* lanes_avx2.c - eight lanes. */
#include "compare/kernels/lanes.h"
#include "lowest_bit.h"
#include "tables/wave_table.h"

#if CIVID_X86
#include <immintrin.h>
#include <string.h>

CIVID_TARGET_AVX2

static inline __m256 without(__m256 v, int32_t lane) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i own = _mm256_cmpeq_epi32(lanes, _mm256_set1_epi32(lane));
    return _mm256_andnot_ps(_mm256_castsi256_ps(own), v);
}

#define RELATE civid__relate_avx2
#define NEAR civid__near_avx2
#define RELAX civid__relax_avx2
#define BEND civid__bend_avx2
#define OUTSIDE civid__outside_avx2
#define LANES 8
#define FIRST(p) 0
#define MIRROR(t, p, q) (void)0
#define FLOATS __m256
#define LOAD(p) _mm256_load_ps(p)
#define STORE(p, v) _mm256_store_ps(p, v)
#define SET(v) _mm256_set1_ps(v)
#define ADD(a, b) _mm256_add_ps(a, b)
#define SUB(a, b) _mm256_sub_ps(a, b)
#define MUL(a, b) _mm256_mul_ps(a, b)
#define DIV(a, b) _mm256_div_ps(a, b)
#define SQRT(a) _mm256_sqrt_ps(a)
#define MAX(a, b) _mm256_max_ps(a, b)
#define WITHOUT(v, lane) without(v, lane)
#define NEARER(d2, far, cosine, straight)                                     \
    (uint32_t)_mm256_movemask_ps(_mm256_and_ps(_mm256_cmp_ps(d2, far, _CMP_LT_OQ), \
                                               _mm256_cmp_ps(cosine, straight, _CMP_GT_OQ)))

#include "compare/kernels/bend_body.h"
#include "compare/kernels/near_body.h"
#include "compare/kernels/outside_body.h"
#include "compare/kernels/relate_body.h"
#include "compare/kernels/relax_body.h"

CIVID_TARGET_END
#endif
