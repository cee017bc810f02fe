/* Any bytes that pretend to be a packed template: refused, or unpacked to an undamaged prepared one
 * and nothing written past it. Half of the inputs get the right check sum, so that the checks after
 * it are met, too. */
#include "compare/template/packed.h"
#include "fuzz.h"

static void unpack(const void *packed, uint64_t size) {
    static arena_t prepared_of;
    const civid_status checked = civid_packed_check(packed, size);
    REQUIRE(checked == CIVID_OK || checked == CIVID_E_CORRUPT || checked == CIVID_E_CALIBRATION);
    if (checked == CIVID_E_CALIBRATION) /* undamaged otherwise */
        REQUIRE(((const civid__packed_t *)packed)->extractor >= CIVID_EXTRACTOR_COUNT);
    const int32_t count = size < 8 ? 0 : ((const civid__packed_t *)packed)->count;
    uint64_t prepared_size;
    REQUIRE(civid_prepared_size(count, &prepared_size) == CIVID_OK);
    void *prepared = lend(&prepared_of, prepared_size);
    REQUIRE(civid_unpack(packed, size, prepared, prepared_size) == checked);
    if (checked == CIVID_OK) {
        REQUIRE(civid_prepared_check(prepared, prepared_size) == CIVID_OK);
        REQUIRE(civid_unpack(packed, size, prepared, prepared_size - 1) == CIVID_E_CAPACITY);
    }
}

/* Sort the bytes' minutiae and keep them in range, so that most of them are accepted. */
static void pack_some(input_t *in, void *packed, int32_t count) {
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    memset(minutiae, 0, sizeof minutiae);
    for (int32_t i = 0; i < count; i++) {
        civid_minutia_t *m = &minutiae[i];
        m->x = (float)(take(in, 2) % 600), m->y = (float)(take(in, 2) % 600);
        m->angle = (float)take(in, 1) * (6.2831853f / 256);
        m->kind = (uint8_t)(take(in, 1) % 3), m->quality = (uint8_t)(take(in, 1) % 101);
    }
    REQUIRE(civid_pack(minutiae, count, (int32_t)(take(in, 1) % 2), packed,
                       civid__packed_bytes(count)) == CIVID_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input_t in = {data, size};
    const uint32_t mode = take(&in, 1);
    if (mode % 4 == 0) { /* bytes as they are, at their true size */
        uint8_t *bytes = exactly(in.left);
        memcpy(bytes, in.at, in.left);
        unpack(bytes, in.left);
        free(bytes);
        return 0;
    }
    /* describing a minutia is what costs: rarely many, and one template a run */
    const int32_t count = (int32_t)(take(&in, 1) % (mode > 253 ? 64 : 9));
    const uint64_t packed_size = civid__packed_bytes(count);
    uint8_t *packed = exactly((size_t)packed_size);
    pack_some(&in, packed, count);
    if (mode % 4 > 1) {
        for (uint32_t n = take(&in, 1) % 8; n > 0; n--)
            packed[take(&in, 2) % packed_size] = (uint8_t)take(&in, 1);
        civid__packed_t *p = (void *)packed;
        if (mode & 16 && p->count == count) p->check = civid__packed_hash(p);
    }
    unpack(packed, packed_size);
    free(packed);
    return 0;
}
