/* pack_many.c - fill the block of a part in one call: enrolling, and writing a segment. */
#include <stddef.h>

#include "civid.h"

civid_status civid_pack_many(const civid_minutia_t *minutiae, const int64_t *first,
                             const uint8_t *extractors, int64_t count, void *block,
                             uint64_t block_size, const uint64_t *offsets) {
    if (count < 0) return CIVID_E_COUNT;
    if (count == 0) return CIVID_OK;
    if (first == NULL || block == NULL || offsets == NULL) return CIVID_E_NULL;
    if (first[0] < 0) return CIVID_E_COUNT;
    for (int64_t i = 0; i < count; i++) {
        if (first[i + 1] < first[i] || first[i + 1] - first[i] > CIVID_MAX_MINUTIAE)
            return CIVID_E_COUNT;
        const int32_t n = (int32_t)(first[i + 1] - first[i]);
        if (minutiae == NULL && n > 0) return CIVID_E_NULL;
        if (offsets[i] > offsets[i + 1] || offsets[i + 1] > block_size || offsets[i] % 8)
            return CIVID_E_CAPACITY;
        uint64_t size = 0;
        civid_status status = civid_packed_size(n, &size);
        if (status != CIVID_OK) return status;
        if (offsets[i + 1] - offsets[i] != size) return CIVID_E_CAPACITY;
        status = civid_pack(minutiae == NULL ? NULL : minutiae + first[i], n,
                            extractors == NULL ? 0 : extractors[i], (uint8_t *)block + offsets[i], size);
        if (status != CIVID_OK) return status;
    }
    return CIVID_OK;
}
