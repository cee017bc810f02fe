/* layers_avx2.c - eight lanes. */
#include "compiler.h"
#include "extract/kernels/layers.h"

#if CIVID_X86
#include <immintrin.h>

CIVID_TARGET_AVX2

#define MIX civid__mix_avx2
#define SPREAD civid__spread_avx2
#define LANES 8
#define FLOATS __m256
#define LOAD(p) _mm256_load_ps(p)
#define LOAD_ANY(p) _mm256_loadu_ps(p)
#define STORE(p, v) _mm256_store_ps(p, v)
#define SET(v) _mm256_set1_ps(v)
#define ADD(a, b) _mm256_add_ps(a, b)
#define MUL(a, b) _mm256_mul_ps(a, b)
#define MAX(a, b) _mm256_max_ps(a, b)

#include "extract/kernels/layers_body.h"

CIVID_TARGET_END
#endif
