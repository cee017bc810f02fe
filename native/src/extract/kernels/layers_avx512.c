/* layers_avx512.c - sixteen lanes. */
#include "compiler.h"
#include "extract/kernels/layers.h"

#if CIVID_X86
#include <immintrin.h>

CIVID_TARGET_AVX512

#define MIX civid__mix_avx512
#define SPREAD civid__spread_avx512
#define LANES 16
#define FLOATS __m512
#define LOAD(p) _mm512_load_ps(p)
#define LOAD_ANY(p) _mm512_loadu_ps(p)
#define STORE(p, v) _mm512_store_ps(p, v)
#define SET(v) _mm512_set1_ps(v)
#define ADD(a, b) _mm512_add_ps(a, b)
#define MUL(a, b) _mm512_mul_ps(a, b)
#define MAX(a, b) _mm512_max_ps(a, b)

#include "extract/kernels/layers_body.h"

CIVID_TARGET_END
#endif
