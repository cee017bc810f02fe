/* prepare_many.c - fill a gallery's block in one call: enrolling and opening. */
#include <stddef.h>

#include "civid.h"

civid_status civid_prepare_many(const civid_minutia_t *minutiae, const int64_t *first,
                                const uint8_t *extractors, int64_t count, void *block,
                                uint64_t block_size, const uint64_t *offsets) {
    if (count < 0) return CIVID_E_COUNT;
    if (count == 0) return CIVID_OK;
    if (first == NULL || block == NULL || offsets == NULL) return CIVID_E_NULL;
    if (first[0] < 0) return CIVID_E_COUNT;
    for (int64_t i = 0; i < count; i++) {
        const int64_t minutia_count = first[i + 1] - first[i];
        if (minutia_count < 0 || minutia_count > CIVID_MAX_MINUTIAE) return CIVID_E_COUNT;
        if (minutiae == NULL && minutia_count > 0) return CIVID_E_NULL;
        if (offsets[i] > offsets[i + 1] || offsets[i + 1] > block_size || (offsets[i] & 63))
            return CIVID_E_CAPACITY;
        uint64_t size = 0;
        civid_status status = civid_prepared_size((int32_t)minutia_count, &size);
        if (status != CIVID_OK) return status;
        if (offsets[i + 1] - offsets[i] != size) return CIVID_E_CAPACITY;
        status = civid_prepare(minutiae == NULL ? NULL : minutiae + first[i],
                               (int32_t)minutia_count, extractors == NULL ? 0 : extractors[i],
                               (uint8_t *)block + offsets[i], size);
        if (status != CIVID_OK) return status;
    }
    return CIVID_OK;
}
