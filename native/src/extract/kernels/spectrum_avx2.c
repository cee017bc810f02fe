/* spectrum_avx2.c - the same loops, made for AVX2. */
#include "compiler.h"
#include "extract/kernels/spectrum.h"
#include "mathf.h" /* outside of the target: what it includes must stay the baseline's */

#if CIVID_X86

CIVID_TARGET_AVX2

#define STAGE civid__stage_avx2
#define GAINS civid__gains_avx2

#include "extract/kernels/spectrum_body.h"

CIVID_TARGET_END
#endif
