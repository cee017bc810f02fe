/* prepare.c - minutiae to a prepared template. */
#include <string.h>

#include "civid.h"
#include "compare/template/prepared.h"
#include "kernels.h"
#include "tables/wave_table.h"

civid_status civid_prepared_size(int32_t count, uint64_t *size) {
    if (!size) return CIVID_E_NULL;
    if (count < 0 || count > CIVID_MAX_MINUTIAE) return CIVID_E_COUNT;
    *size = civid__prepared_bytes(count);
    return CIVID_OK;
}

uint64_t civid__prepared_hash(const civid__prepared_t *p) {
    const uint8_t *bytes = (const uint8_t *)p->support;
    const uint8_t *end = (const uint8_t *)p + p->size;
    uint64_t hash = 0xcbf29ce484222325u ^ p->count;
    for (; bytes < end; bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0x100000001b3u;
        hash ^= hash >> 29;
    }
    return hash ^ civid__extractor_hash(p);
}

static void write_support(civid__prepared_t *p, const int16_t *x, const int16_t *y) {
    for (int32_t d = 0; d < CIVID__SUPPORTS; d++) {
        const int32_t c = civid__cosine((uint8_t)(d * 16)), s = civid__sine((uint8_t)(d * 16));
        int32_t far = p->count ? INT32_MIN : 0;
        for (int32_t i = 0; i < p->count; i++) {
            const int32_t along = c * x[i] + s * y[i];
            if (along > far) far = along;
        }
        /* quarters of a px in Q14, to px */
        p->support[d] = (int16_t)(p->count ? (far + 32768) >> 16 : 0);
    }
}

static void write_codes(civid__prepared_t *p, const civid__points_t *points) {
    const civid__kernels_t *kernels = civid__kernels();
    uint64_t *codes = (uint64_t *)civid__codes(p);
    for (int32_t i = 0; i < p->count; i++) {
        int32_t full[CIVID__FULL_ROOM];
        uint64_t code[CIVID__CODE_WORDS];
        const int32_t count = kernels->full_cells(points, i, full);
        kernels->code(full, count, code);
        uint64_t *block = codes + i / CIVID__BLOCK * CIVID__BLOCK * CIVID__CODE_WORDS;
        for (int32_t w = 0; w < CIVID__CODE_WORDS; w++)
            block[w * CIVID__BLOCK + i % CIVID__BLOCK] = code[w];
    }
}

void civid__blank(civid__prepared_t *p, int32_t count, int32_t extractor) {
    memset(p, 0, civid__prepared_bytes(count));
    p->magic = CIVID__PREPARED_MAGIC;
    p->version = CIVID__PREPARED_VERSION;
    p->count = (uint16_t)count;
    p->size = civid__prepared_bytes(count);
    p->extractor = (uint8_t)extractor;
}

civid__columns_t civid__prepared_columns(civid__prepared_t *p) {
    return (civid__columns_t){(int16_t *)civid__xs(p),        (int16_t *)civid__ys(p),
                              (uint8_t *)civid__angles(p),    (uint8_t *)civid__kinds(p),
                              (uint8_t *)civid__qualities(p), (uint8_t *)civid__indices(p)};
}

void civid__describe(civid__prepared_t *p) {
    const civid__points_t points = civid__prepared_points(p);
    write_codes(p, &points);
    write_support(p, points.x, points.y);
    p->hash = civid__prepared_hash(p);
}

civid_status civid_prepare(const civid_minutia_t *minutiae, int32_t count, int32_t extractor,
                           void *prepared, uint64_t size) {
    if (!prepared || (!minutiae && count > 0)) return CIVID_E_NULL;
    if (count < 0 || count > CIVID_MAX_MINUTIAE) return CIVID_E_COUNT;
    if (size < civid__prepared_bytes(count)) return CIVID_E_CAPACITY;
    if ((uintptr_t)prepared % 8) return CIVID_E_VALUE;
    if (extractor < 0 || extractor >= CIVID_EXTRACTOR_COUNT) return CIVID_E_CALIBRATION;
    uint64_t key[CIVID_MAX_MINUTIAE];
    const civid_status status = civid__sorted_keys(minutiae, count, key);
    if (status != CIVID_OK) return status;
    civid__blank(prepared, count, extractor);
    const civid__columns_t columns = civid__prepared_columns(prepared);
    civid__write_columns(key, count, &columns);
    civid__describe(prepared);
    return CIVID_OK;
}
