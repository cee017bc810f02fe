/* index_many.c - fill the arrays of a part in one call: enrolling, and writing a segment. */
#include <stddef.h>

#include "civid.h"
#include "compare/template/packed.h"
#include "search/scan/scan.h"

civid_status civid_index_many(const civid_minutia_t *minutiae, const int64_t *first,
                              const uint8_t *extractors, int64_t count, int64_t finger,
                              void *block, uint64_t block_size, const uint64_t *offsets,
                              uint64_t *codes, uint64_t *details) {
    if (finger < 0) return CIVID_E_COUNT;
    if (count > 0 && (codes == NULL || details == NULL)) return CIVID_E_NULL;
    civid_status status =
        civid_pack_many(minutiae, first, extractors, count, block, block_size, offsets);
    for (int64_t i = 0; i < count && status == CIVID_OK; i++) {
        if (offsets[i] / 8 < (uint64_t)(finger + i)) return CIVID_E_CAPACITY;
        const uint64_t word = offsets[i] / 8 - (uint64_t)(finger + i);
        const void *packed = (const uint8_t *)block + offsets[i];
        const civid__points_t points = civid__packed_points(packed);
        civid__scan_codes(&points, codes + word, details + word);
    }
    return status;
}
