/* scan.c - which twins, and the codes of a print. */
#include "search/scan/scan.h"

#include "civid.h"
#include "compare/template/packed.h"
#include "compiler.h"
#include "cpu.h"

static const civid__scanner_t *const twins[CIVID_ISA_COUNT] = {
    [CIVID_ISA_PORTABLE] = &civid__scanner_portable,
#if CIVID_X86
    [CIVID_ISA_AVX2] = &civid__scanner_avx2,
    [CIVID_ISA_AVX512] = &civid__scanner_avx512,
#endif
#if CIVID_ARM64
    [CIVID_ISA_NEON] = &civid__scanner_portable,
#endif
};

const civid__scanner_t *civid__scanner(void) { return twins[civid__isa()]; }

/* 16 directions in 8 bits: neighbours differ by one bit, opposites by all. */
static uint64_t direction(uint8_t angle) {
    const uint32_t sixteenth = angle >> 4;
    return sixteenth < 8 ? 0xffu >> (8 - sixteenth) : 0xffu << (sixteenth - 8) & 0xffu;
}

civid_status civid_scan_codes(const void *packed, uint64_t size, uint64_t *first,
                              uint64_t *second) {
    /* all of it: the cylinder's tables hold coordinates in range only */
    const civid_status status = civid_packed_check(packed, size);
    if (status != CIVID_OK) return status;
    const civid__points_t points = civid__packed_points(packed);
    if (points.count > 0 && (first == NULL || second == NULL)) return CIVID_E_NULL;
    const civid__cylinder_t *cylinder = civid__cylinder();
    const civid__scanner_t *scanner = civid__scanner();
    for (int32_t i = 0; i < points.count; i++) {
        int32_t full[CIVID__FULL_ROOM];
        uint64_t code[2];
        scanner->code(full, cylinder->full_cells(&points, i, full), code);
        first[i] = code[0] | direction(points.angle[i]) << 56;
        second[i] = code[1];
    }
    return CIVID_OK;
}
