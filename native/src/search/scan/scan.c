/* scan.c - the codes of a print. */
#include "search/scan/scan.h"

#include "civid.h"
#include "compare/template/packed.h"
#include "kernels.h"

void civid__scan_codes(const civid__points_t *points, uint64_t *first, uint64_t *second) {
    const civid__kernels_t *kernels = civid__kernels();
    for (int32_t i = 0; i < points->count; i++) {
        int32_t full[CIVID__FULL_ROOM];
        uint64_t code[2];
        kernels->scan_code(full, kernels->full_cells(points, i, full), code);
        first[i] = code[0] | civid__direction_bits(points->angle[i]) << 56;
        second[i] = code[1];
    }
}

civid_status civid_scan_codes(const void *packed, uint64_t size, uint64_t *first,
                              uint64_t *second) {
    /* all of it: the cylinder's tables hold coordinates in range only */
    const civid_status status = civid_packed_check(packed, size);
    if (status != CIVID_OK) return status;
    const civid__points_t points = civid__packed_points(packed);
    if (points.count > 0 && (first == NULL || second == NULL)) return CIVID_E_NULL;
    civid__scan_codes(&points, first, second);
    return CIVID_OK;
}
