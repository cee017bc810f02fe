/* kernels.c - the kernel table: one row an instruction set, the only place that names the twins.
 * Constant; which row is in use, cpu.c says. */
#include "kernels.h"

#include "civid.h"
#include "compiler.h"
#include "cpu.h"

static const civid__kernels_t table[CIVID_ISA_COUNT] = {
    [CIVID_ISA_PORTABLE] =
        {
            .filter_row = civid__filter_row_portable,
            .mix = civid__mix_portable,
            .spread = civid__spread_portable,
            .stage = civid__stage_portable,
            .gains = civid__gains_portable,
            .full_cells = civid__full_cells_portable,
            .code = civid__code_portable,
            .distance = civid__distance_portable,
            .best = civid__best_portable,
            .relate = civid__relate_portable,
            .relax = civid__relax_portable,
            .near = civid__near_portable,
            .bend = civid__bend_portable,
            .outside = civid__outside_portable,
            .scan = civid__scan_portable,
            .partners = civid__partners_portable,
            .scan_code = civid__scan_code_portable,
            .centres = civid__centres_portable,
            .run = civid__run_portable,
            .owners = civid__owners_portable,
        },
#if CIVID_X86
    [CIVID_ISA_AVX2] =
        {
            .filter_row = civid__filter_row_avx2,
            .mix = civid__mix_avx2,
            .spread = civid__spread_avx2,
            .stage = civid__stage_avx2,
            .gains = civid__gains_avx2,
            .full_cells = civid__full_cells_avx2,
            .code = civid__code_avx2,
            .distance = civid__distance_avx2,
            .best = civid__best_avx2,
            .relate = civid__relate_avx2,
            .relax = civid__relax_avx2,
            .near = civid__near_avx2,
            .bend = civid__bend_avx2,
            .outside = civid__outside_avx2,
            .scan = civid__scan_avx2,
            .partners = civid__partners_avx2,
            .scan_code = civid__scan_code_avx2,
            .centres = civid__centres_avx2,
            .run = civid__run_avx2,
            .owners = civid__owners_avx2,
        },
    [CIVID_ISA_AVX512] =
        {
            .filter_row = civid__filter_row_avx512,
            .mix = civid__mix_avx512,
            .spread = civid__spread_avx512,
            .stage = civid__stage_avx2,
            .gains = civid__gains_avx2,
            .full_cells = civid__full_cells_avx512,
            .code = civid__code_avx512,
            .distance = civid__distance_avx512,
            .best = civid__best_avx512,
            .relate = civid__relate_avx512,
            .relax = civid__relax_avx512,
            .near = civid__near_avx512,
            .bend = civid__bend_avx512,
            .outside = civid__outside_avx512,
            .scan = civid__scan_avx512,
            .partners = civid__partners_avx512,
            .scan_code = civid__scan_code_avx512,
            .centres = civid__centres_avx512,
            .run = civid__run_avx512,
            .owners = civid__owners_avx512,
        },
#endif
#if CIVID_ARM64
    /* Where there is no twin for NEON stands the portable one: compilers make NEON of plain C. */
    [CIVID_ISA_NEON] =
        {
            .filter_row = civid__filter_row_portable,
            .mix = civid__mix_neon,
            .spread = civid__spread_neon,
            .stage = civid__stage_portable,
            .gains = civid__gains_portable,
            .full_cells = civid__full_cells_portable,
            .code = civid__code_portable,
            .distance = civid__distance_neon,
            .best = civid__best_portable,
            .relate = civid__relate_neon,
            .relax = civid__relax_neon,
            .near = civid__near_neon,
            .bend = civid__bend_neon,
            .outside = civid__outside_neon,
            .scan = civid__scan_portable,
            .partners = civid__partners_portable,
            .scan_code = civid__scan_code_portable,
            .centres = civid__centres_portable,
            .run = civid__run_portable,
            .owners = civid__owners_portable,
        },
#endif
};

const civid__kernels_t *civid__kernels(void) { return &table[civid__isa()]; }
