/* pack.c - minutiae to a packed template. */
#include <string.h>

#include "civid.h"
#include "compare/template/packed.h"

civid_status civid_packed_size(int32_t count, uint64_t *size) {
    if (!size) return CIVID_E_NULL;
    if (count < 0 || count > CIVID_MAX_MINUTIAE) return CIVID_E_COUNT;
    *size = civid__packed_bytes(count);
    return CIVID_OK;
}

uint32_t civid__packed_hash(const civid__packed_t *p) {
    const uint8_t *at = (const uint8_t *)p + sizeof p->check;
    const uint8_t *end = (const uint8_t *)p + civid__packed_bytes(p->count);
    uint32_t hash = 0x9747b28cu;
    for (; at < end; at += 4) {
        uint32_t word;
        memcpy(&word, at, 4);
        hash = (hash ^ word) * 0x85ebca6bu;
        hash ^= hash >> 15;
    }
    hash *= 0xc2b2ae35u;
    return hash ^ hash >> 16;
}

civid_status civid_pack(const civid_minutia_t *minutiae, int32_t count, int32_t extractor,
                        void *packed, uint64_t size) {
    if (!packed || (!minutiae && count > 0)) return CIVID_E_NULL;
    if (count < 0 || count > CIVID_MAX_MINUTIAE) return CIVID_E_COUNT;
    if (size < civid__packed_bytes(count)) return CIVID_E_CAPACITY;
    if ((uintptr_t)packed % 8) return CIVID_E_VALUE;
    if (extractor < 0 || extractor >= CIVID_EXTRACTOR_COUNT) return CIVID_E_CALIBRATION;
    uint64_t key[CIVID_MAX_MINUTIAE];
    const civid_status status = civid__sorted_keys(minutiae, count, key);
    if (status != CIVID_OK) return status;
    civid__packed_t *p = packed;
    *p = (civid__packed_t){0, CIVID__PACKED_VERSION, (uint8_t)count, (uint8_t)extractor, 0};
    const civid__columns_t columns = civid__packed_columns(p);
    civid__write_columns(key, count, &columns);
    p->check = civid__packed_hash(p);
    return CIVID_OK;
}
