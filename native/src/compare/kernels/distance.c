/* distance.c - which twin. */
#include "compare/kernels/distance.h"

#include "civid.h"
#include "compiler.h"
#include "cpu.h"

static civid__distance_fn *const twins[CIVID_ISA_COUNT] = {
    [CIVID_ISA_PORTABLE] = civid__distance_portable,
#if CIVID_X86
    [CIVID_ISA_AVX2] = civid__distance_avx2,
    [CIVID_ISA_AVX512] = civid__distance_avx512,
#endif
#if CIVID_ARM64
    [CIVID_ISA_NEON] = civid__distance_neon,
#endif
};

civid__distance_fn *civid__distance(void) { return twins[civid__isa()]; }
