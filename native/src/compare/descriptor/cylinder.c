/* cylinder.c - which twin. */
#include "compare/descriptor/cylinder.h"

#include "civid.h"
#include "compiler.h"
#include "cpu.h"

static const civid__cylinder_t *const twins[CIVID_ISA_COUNT] = {
    [CIVID_ISA_PORTABLE] = &civid__cylinder_portable,
#if CIVID_X86
    [CIVID_ISA_AVX2] = &civid__cylinder_avx2,
    [CIVID_ISA_AVX512] = &civid__cylinder_avx512,
#endif
    [CIVID_ISA_NEON] = &civid__cylinder_portable,
};

const civid__cylinder_t *civid__cylinder(void) { return twins[civid__isa()]; }
