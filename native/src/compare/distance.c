/* distance.c - which twin. */
#include "compare/distance.h"

#include "civid.h"
#include "compiler.h"
#include "cpu.h"

static civid__distance_fn *const kernels[CIVID_ISA_COUNT] = {
    [CIVID_ISA_PORTABLE] = civid__distance_portable,
#if CIVID_X86
    [CIVID_ISA_AVX512] = civid__distance_avx512,
#endif
};

civid__distance_fn *civid__distance(void) {
    int32_t isa = civid__isa();
    if (isa == CIVID_ISA_AVX512 && !kernels[isa]) isa = CIVID_ISA_AVX2;
    return kernels[isa] ? kernels[isa] : kernels[CIVID_ISA_PORTABLE];
}
