/* enhance.c - every pixel filtered along its ridge, by the best code this CPU has. */
#include "compiler.h"
#include "cpu.h"
#include "stages.h"

#if CIVID_X86
#define X86(name) name
#else
#define X86(name) 0
#endif

static civid__filter_row *const rows_of[CIVID_ISA_COUNT] = {
    [CIVID_ISA_PORTABLE] = civid__filter_row_portable,
    [CIVID_ISA_AVX2] = X86(civid__filter_row_avx2),
    [CIVID_ISA_AVX512] = X86(civid__filter_row_avx512),
};

void civid__enhance(civid__frame *f) {
    int32_t isa = civid__isa();
    if (isa == CIVID_ISA_AVX512 && !rows_of[isa]) isa = CIVID_ISA_AVX2;
    civid__filter_row *filter = rows_of[isa] ? rows_of[isa] : civid__filter_row_portable;

    const civid__plane in = f->normal, out = f->enhanced;
    civid__clear(f, out);
    for (int32_t cy = 0; cy < f->cells_y; cy++)
        filter(in.origin + (int64_t)cy * CELL * in.stride, in.stride, f->bank,
               f->context + (int64_t)cy * f->cells_x, f->cells_x,
               out.origin + (int64_t)cy * CELL * out.stride, out.stride);
}
