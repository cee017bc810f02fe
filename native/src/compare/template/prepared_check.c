/* prepared_check.c - is this a prepared template, and unharmed? */
#include <string.h>

#include "civid.h"
#include "compare/compare.h"
#include "compare/template/prepared.h"

static civid_status layout(const void *prepared, uint64_t size) {
    if (!prepared) return CIVID_E_NULL;
    if ((uintptr_t)prepared % 8 || size < sizeof(civid__prepared_t)) return CIVID_E_CORRUPT;
    const civid__prepared_t *p = prepared;
    if (p->magic != CIVID__PREPARED_MAGIC || p->version != CIVID__PREPARED_VERSION)
        return CIVID_E_CORRUPT;
    if (p->count > CIVID_MAX_MINUTIAE || p->size != civid__prepared_bytes(p->count))
        return CIVID_E_CORRUPT;
    return p->size > size ? CIVID_E_CORRUPT : CIVID_OK;
}

static civid_status extractor(const civid__prepared_t *p) {
    return p->extractor < CIVID_EXTRACTOR_COUNT ? CIVID_OK : CIVID_E_CALIBRATION;
}

/* What a comparison relies on: nothing else in a template can make it leave its buffers. */
civid_status civid__prepared_header(const void *prepared, uint64_t size) {
    const civid_status status = layout(prepared, size);
    return status == CIVID_OK ? extractor(prepared) : status;
}

civid_status civid_prepared_check(const void *prepared, uint64_t size) {
    civid_status status = layout(prepared, size);
    if (status != CIVID_OK) return status;
    const civid__prepared_t *p = prepared;
    if (p->reserved[0] || p->reserved[1] || p->reserved[2]) return CIVID_E_CORRUPT;
    if (p->hash != civid__prepared_hash(p)) return CIVID_E_CORRUPT;
    status = extractor(p);
    if (status != CIVID_OK) return status;
    const int32_t limit = (int32_t)CIVID__MAX_COORDINATE * CIVID__UNITS_PER_PX;
    uint8_t seen[256] = {0};
    for (int32_t i = 0; i < p->count; i++) {
        const int32_t x = civid__xs(p)[i], y = civid__ys(p)[i];
        if (x < -limit || x > limit || y < -limit || y > limit) return CIVID_E_CORRUPT;
        const uint8_t index = civid__indices(p)[i];
        if (index >= p->count || seen[index]++) return CIVID_E_CORRUPT;
        if (civid__kinds(p)[i] > CIVID_KIND_BIFURCATION || civid__qualities(p)[i] > 100)
            return CIVID_E_CORRUPT;
    }
    return CIVID_OK;
}
