/* unpack.c - is this a packed template, and unharmed? Then a prepared one again. */
#include <string.h>

#include "civid.h"
#include "compare/template/packed.h"
#include "compare/compare_params.h"
#include "compare/template/prepared.h"

civid_status civid__packed_header(const void *packed, uint64_t size) {
    if (!packed) return CIVID_E_NULL;
    if ((uintptr_t)packed % 8 || size < sizeof(civid__packed_t)) return CIVID_E_CORRUPT;
    const civid__packed_t *p = packed;
    if (p->version != CIVID__PACKED_VERSION || p->zero || size != civid__packed_bytes(p->count))
        return CIVID_E_CORRUPT;
    return CIVID_OK;
}

civid_status civid_packed_check(const void *packed, uint64_t size) {
    const civid_status status = civid__packed_header(packed, size);
    if (status != CIVID_OK) return status;
    const civid__packed_t *p = packed;
    if (p->check != civid__packed_hash(p)) return CIVID_E_CORRUPT;
    if (p->extractor >= CIVID_EXTRACTOR_COUNT) return CIVID_E_CALIBRATION;
    const civid__columns_t c = civid__packed_columns(p);
    const int32_t limit = (int32_t)CIVID__MAX_COORDINATE * CIVID__UNITS_PER_PX;
    uint8_t seen[256] = {0};
    uint64_t before = 0;
    for (int32_t i = 0; i < p->count; i++) {
        if (c.x[i] < -limit || c.x[i] > limit || c.y[i] < -limit || c.y[i] > limit)
            return CIVID_E_CORRUPT;
        if (c.kind[i] > CIVID_KIND_BIFURCATION || c.quality[i] > 100) return CIVID_E_CORRUPT;
        if (c.index[i] >= p->count || seen[c.index[i]]++) return CIVID_E_CORRUPT;
        /* as civid_pack sorts: one set of minutiae has one form only */
        const uint64_t key =
            civid__key(c.x[i], c.y[i], c.angle[i], c.kind[i], c.quality[i], c.index[i]);
        if (i > 0 && key <= before) return CIVID_E_CORRUPT;
        before = key;
    }
    return CIVID_OK;
}

civid_status civid_unpack(const void *packed, uint64_t size, void *prepared,
                          uint64_t prepared_size) {
    if (!packed || !prepared) return CIVID_E_NULL;
    if ((uintptr_t)prepared % 8) return CIVID_E_VALUE;
    const civid_status status = civid_packed_check(packed, size);
    if (status != CIVID_OK) return status;
    const civid__packed_t *p = packed;
    const size_t n = p->count;
    if (prepared_size < civid__prepared_bytes(p->count)) return CIVID_E_CAPACITY;
    civid__blank(prepared, p->count, p->extractor);
    const civid__columns_t from = civid__packed_columns(p);
    const civid__columns_t to = civid__prepared_columns(prepared);
    memcpy(to.x, from.x, 2 * n);
    memcpy(to.y, from.y, 2 * n);
    memcpy(to.angle, from.angle, n);
    memcpy(to.kind, from.kind, n);
    memcpy(to.quality, from.quality, n);
    memcpy(to.index, from.index, n);
    civid__describe(prepared);
    return CIVID_OK;
}
