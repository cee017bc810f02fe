/* lanes.c - which twins. */
#include "compare/kernels/lanes.h"

#include "civid.h"
#include "compiler.h"
#include "cpu.h"

static const civid__lanes_t *const twins[CIVID_ISA_COUNT] = {
    [CIVID_ISA_PORTABLE] = &civid__lanes_portable,
#if CIVID_X86
    [CIVID_ISA_AVX2] = &civid__lanes_avx2,
    [CIVID_ISA_AVX512] = &civid__lanes_avx512,
#endif
#if CIVID_ARM64
    [CIVID_ISA_NEON] = &civid__lanes_neon,
#endif
};

const civid__lanes_t *civid__lanes(void) { return twins[civid__isa()]; }
