/* lanes_avx2.c - eight lanes. */
#include "compare/kernels/lanes.h"

#if CIVID_X86
#include <immintrin.h>

CIVID_TARGET_AVX2

#define RELATE civid__relate_avx2
#define NEAR civid__near_avx2
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
#define NEARER(d2, far, cosine, straight)                                     \
    (uint32_t)_mm256_movemask_ps(_mm256_and_ps(_mm256_cmp_ps(d2, far, _CMP_LT_OQ), \
                                               _mm256_cmp_ps(cosine, straight, _CMP_GT_OQ)))

#include "compare/kernels/near_body.h"
#include "compare/kernels/relate_body.h"

CIVID_TARGET_END
#endif
