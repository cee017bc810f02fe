/* Packed templates: back to the same bytes, and nothing that lies gets through. */
#include "compare/template/packed.h"
#include "compiler.h"
#include "templates.h"

typedef struct {
    void *data;
    uint64_t size;
} packed_t;

static packed_t made_by(int32_t extractor, uint64_t seed, int32_t count) {
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    packed_t p;
    civid__minutiae(seed, count, minutiae);
    CHECK_INT(civid_packed_size(count, &p.size), CIVID_OK);
    p.data = malloc(p.size); /* so that a sanitizer sees the first byte behind it */
    if (!p.data) abort();
    CHECK_INT(civid_pack(minutiae, count, extractor, p.data, p.size), CIVID_OK);
    CHECK_INT(civid_packed_check(p.data, p.size), CIVID_OK);
    return p;
}

static packed_t make(uint64_t seed, int32_t count) { return made_by(0, seed, count); }

static void sizes(void) {
    uint64_t size = 0;
    for (int32_t count = 0; count <= CIVID_MAX_MINUTIAE; count++) {
        CHECK_INT(civid_packed_size(count, &size), CIVID_OK);
        CHECK_INT(size, 8 + 8 * count);
    }
    CHECK_INT(civid_packed_size(-1, &size), CIVID_E_COUNT);
    CHECK_INT(civid_packed_size(CIVID_MAX_MINUTIAE + 1, &size), CIVID_E_COUNT);
    CHECK_INT(civid_packed_size(5, NULL), CIVID_E_NULL);
}

static void unpacking_is_preparing(void) {
    for (uint64_t seed = 0; seed < 300; seed++) {
        civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
        const int32_t count = civid__count(seed);
        const int32_t extractor = (int32_t)seed % CIVID_EXTRACTOR_COUNT;
        const packed_t p = made_by(extractor, seed, count);
        uint64_t size;
        civid__minutiae(seed, count, minutiae);
        CHECK_INT(civid_prepared_size(count, &size), CIVID_OK);
        uint8_t *wanted = civid__memory(size), *got = civid__memory(size);
        memset(got, 0xa5, size); /* its contents must not matter */
        CHECK_INT(civid_prepare(minutiae, count, extractor, wanted, size), CIVID_OK);
        CHECK_INT(civid_unpack(p.data, p.size, got, size), CIVID_OK);
        CHECK(memcmp(got, wanted, size) == 0);
        free(p.data), free(wanted), free(got);
    }
}

/* Equal minutiae keep the caller's order through their index, so there is nothing else to keep. */
static void the_order_of_minutiae_shows_in_the_index_only(void) {
    enum { COUNT = 200 };
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE], back[CIVID_MAX_MINUTIAE];
    civid__minutiae(4, COUNT, minutiae);
    for (int32_t i = 0; i < COUNT; i++) back[i] = minutiae[COUNT - 1 - i];
    const packed_t a = make(4, COUNT), b = make(4, COUNT);
    CHECK_INT(civid_pack(back, COUNT, 0, b.data, b.size), CIVID_OK);
    CHECK_INT(civid_packed_check(b.data, b.size), CIVID_OK);
    const uint8_t *x = a.data, *y = b.data;
    CHECK(memcmp(x + 4, y + 4, 4 + 7 * COUNT) == 0);
    CHECK(memcmp(x + 8 + 7 * COUNT, y + 8 + 7 * COUNT, COUNT) != 0);
    free(a.data), free(b.data);
}

static void a_changed_bit_is_found(void) {
    static const int32_t counts[] = {0, 1, 7, 8, 9, 40, 255};
    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        const packed_t p = made_by((int32_t)k % 2, k, counts[k]);
        uint8_t *bytes = p.data, prepared[64 + 320 * 32];
        for (uint64_t i = 0; i < p.size * 8; i++) {
            bytes[i / 8] ^= (uint8_t)(1u << i % 8);
            CHECK_INT(civid_packed_check(p.data, p.size), CIVID_E_CORRUPT);
            bytes[i / 8] ^= (uint8_t)(1u << i % 8);
        }
        CHECK_INT(civid_packed_check(p.data, p.size), CIVID_OK);
        for (uint64_t size = 0; size < p.size; size++)
            CHECK_INT(civid_packed_check(p.data, size), CIVID_E_CORRUPT);
        CHECK_INT(civid_packed_check(p.data, p.size + 8), CIVID_E_CORRUPT);
        bytes[p.size - 1] ^= 1;
        CIVID_ALIGNED(8) uint8_t untouched[64 + 320 * 32];
        memset(prepared, 7, sizeof prepared), memset(untouched, 7, sizeof untouched);
        CHECK_INT(civid_unpack(p.data, p.size, untouched, sizeof untouched), CIVID_E_CORRUPT);
        CHECK(memcmp(prepared, untouched, sizeof prepared) == 0);
        free(p.data);
    }
}

/* What a forger with the right check sum could try. */
static void lies_with_a_right_sum_are_found(void) {
    enum { COUNT = 12 };
    packed_t p = make(1, COUNT);
    civid__packed_t *h = p.data;
    uint8_t saved[8 + 8 * COUNT];
    memcpy(saved, p.data, p.size);
    const civid__columns_t c = civid__packed_columns(h);
#define LIE(change)                                                         \
    do {                                                                    \
        change;                                                             \
        h->check = civid__packed_hash(h);                                   \
        CHECK_INT(civid_packed_check(p.data, p.size), CIVID_E_CORRUPT);     \
        memcpy(p.data, saved, p.size);                                      \
    } while (0)
    LIE(c.y[COUNT - 1] = 16385);
    LIE(c.y[0] = -16385);
    LIE(c.x[3] = INT16_MIN);
    LIE(c.x[3] = INT16_MAX);
    LIE(c.kind[2] = 3);
    LIE(c.quality[2] = 101);
    LIE(c.index[5] = COUNT);
    LIE(c.index[5] = c.index[6]);
    LIE(c.y[4] = (int16_t)(c.y[7] + 1)); /* unsorted */
    LIE(h->version = 2);
    LIE(h->version = 0);
    LIE(h->zero = 1);
#undef LIE
    CHECK_INT(civid_packed_check(p.data, p.size), CIVID_OK);
    free(p.data);
}

/* All that differs is the number and the check sum; so what was packed before there were numbers is
 * of the first one, and bytes of that are what they were. */
static void the_extractor_stands_in_the_header(void) {
    const packed_t a = made_by(CIVID_EXTRACTOR_CLASSICAL, 3, 30);
    const packed_t b = made_by(CIVID_EXTRACTOR_NEURAL, 3, 30);
    uint8_t *x = a.data, *y = b.data;
    CHECK_INT(x[6], 0);
    CHECK_INT(y[6], 1);
    CHECK(memcmp(x, y, 4) != 0 && memcmp(x + 7, y + 7, a.size - 7) == 0);
    free(a.data), free(b.data);
}

static void an_extractor_that_is_not_known_is_refused(void) {
    CIVID_ALIGNED(64) uint8_t prepared[64 + 320 * 4];
    uint8_t untouched[sizeof prepared];
    uint64_t codes[30], details[30];
    packed_t p = make(3, 30);
    civid__packed_t *h = p.data;
    memset(prepared, 7, sizeof prepared), memset(untouched, 7, sizeof untouched);
    for (int32_t number = CIVID_EXTRACTOR_COUNT; number < 256; number++) {
        h->extractor = (uint8_t)number;
        CHECK_INT(civid_packed_check(p.data, p.size), CIVID_E_CORRUPT); /* damaged, for all we know */
        h->check = civid__packed_hash(h);
        CHECK_INT(civid_packed_check(p.data, p.size), CIVID_E_CALIBRATION);
        CHECK_INT(civid_scan_codes(p.data, p.size, codes, details), CIVID_E_CALIBRATION);
        CHECK_INT(civid_unpack(p.data, p.size, prepared, sizeof prepared), CIVID_E_CALIBRATION);
    }
    CHECK(memcmp(prepared, untouched, sizeof prepared) == 0);
    civid_minutia_t m = {10, 10, 1, 1, 50, 0};
    const int32_t unknown[] = {-1, CIVID_EXTRACTOR_COUNT, 256, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        CHECK_INT(civid_pack(&m, 1, unknown[i], p.data, p.size), CIVID_E_CALIBRATION);
    free(p.data);
}

static void arguments(void) {
    civid_minutia_t m = {10, 10, 1, 1, 50, 0};
    CIVID_ALIGNED(64) uint8_t packed[64], prepared[384 + 8];
#define PACK(m, n, p, size) civid_pack(m, n, 0, p, size)
    CHECK_INT(PACK(&m, 1, packed, 16), CIVID_OK);
    CHECK_INT(PACK(NULL, 1, packed, 16), CIVID_E_NULL);
    CHECK_INT(PACK(&m, 1, NULL, 16), CIVID_E_NULL);
    CHECK_INT(PACK(&m, 1, packed, 15), CIVID_E_CAPACITY);
    CHECK_INT(PACK(&m, -1, packed, 16), CIVID_E_COUNT);
    CHECK_INT(PACK(&m, 256, packed, 16), CIVID_E_COUNT);
    CHECK_INT(PACK(&m, 1, packed + 4, 16), CIVID_E_VALUE);
    m.x = 1e30f;
    CHECK_INT(PACK(&m, 1, packed, 16), CIVID_E_VALUE);
#undef PACK
    CHECK_INT(civid_packed_check(NULL, 16), CIVID_E_NULL);
    CHECK_INT(civid_packed_check(packed + 1, 16), CIVID_E_CORRUPT);
    CHECK_INT(civid_unpack(NULL, 16, prepared, 384), CIVID_E_NULL);
    CHECK_INT(civid_unpack(packed, 16, NULL, 384), CIVID_E_NULL);
    CHECK_INT(civid_unpack(packed, 16, prepared + 4, 384), CIVID_E_VALUE);
    CHECK_INT(civid_unpack(packed, 16, prepared, 383), CIVID_E_CAPACITY);
    CHECK_INT(civid_unpack(packed, 15, prepared, 384), CIVID_E_CORRUPT);
    CHECK_INT(civid_unpack(packed, 16, prepared + 8, 384), CIVID_OK);
}

static void many_is_one_after_another(void) {
    enum { COUNT = 20 };
    static civid_minutia_t minutiae[COUNT * CIVID_MAX_MINUTIAE];
    int64_t first[COUNT + 1] = {0};
    uint64_t offsets[COUNT + 1] = {0}, all;
    uint8_t extractors[COUNT];
    packed_t one[COUNT];
    for (int32_t i = 0; i < COUNT; i++) {
        const int32_t count = civid__count((uint64_t)i);
        civid_minutia_t some[CIVID_MAX_MINUTIAE];
        civid__minutiae((uint64_t)i, count, some);
        memcpy(minutiae + first[i], some, (size_t)count * sizeof *some);
        extractors[i] = (uint8_t)(i % 3 == 1);
        one[i] = made_by(extractors[i], (uint64_t)i, count);
        first[i + 1] = first[i] + count;
        offsets[i + 1] = offsets[i] + one[i].size;
    }
    all = offsets[COUNT];
    uint8_t *block = malloc(all);
    if (!block) abort();
#define MANY(first, count, block, size) \
    civid_pack_many(minutiae, first, extractors, count, block, size, offsets)
    CHECK_INT(MANY(first, COUNT, block, all), CIVID_OK);
    for (int32_t i = 0; i < COUNT; i++) {
        CHECK(memcmp(block + offsets[i], one[i].data, one[i].size) == 0);
        free(one[i].data);
    }
    CHECK_INT(MANY(first, 0, block, all), CIVID_OK);
    extractors[2] = CIVID_EXTRACTOR_COUNT;
    CHECK_INT(MANY(first, COUNT, block, all), CIVID_E_CALIBRATION);
    extractors[2] = 0;
    CHECK_INT(civid_pack_many(minutiae, first, NULL, COUNT, block, all, offsets), CIVID_OK);
    for (int32_t i = 0; i < COUNT; i++) CHECK_INT(block[offsets[i] + 6], 0);
    CHECK_INT(MANY(first, -1, block, all), CIVID_E_COUNT);
    CHECK_INT(MANY(NULL, COUNT, block, all), CIVID_E_NULL);
    CHECK_INT(MANY(first, COUNT, NULL, all), CIVID_E_NULL);
    CHECK_INT(MANY(first, COUNT, block, all - 1), CIVID_E_CAPACITY);
    CHECK_INT(civid_pack_many(NULL, first, NULL, COUNT, block, all, offsets), CIVID_E_NULL);
    CHECK_INT(civid_pack_many(minutiae, first, NULL, COUNT, block, all, NULL), CIVID_E_NULL);
    const int64_t last = first[COUNT];
    first[COUNT] = first[COUNT - 1] - 1;
    CHECK_INT(MANY(first, COUNT, block, all), CIVID_E_COUNT);
    first[COUNT] = INT64_MAX;
    CHECK_INT(MANY(first, COUNT, block, all), CIVID_E_COUNT);
    first[COUNT] = last - 1;
    CHECK_INT(MANY(first, COUNT, block, all), CIVID_E_CAPACITY);
    first[COUNT] = last, first[0] = -1;
    CHECK_INT(MANY(first, COUNT, block, all), CIVID_E_COUNT);
    first[0] = 0, offsets[3] += 4;
    CHECK(MANY(first, COUNT, block, all) != CIVID_OK);
#undef MANY
    free(block);
}

int main(void) {
    RUN(sizes);
    RUN(unpacking_is_preparing);
    RUN(the_order_of_minutiae_shows_in_the_index_only);
    RUN(a_changed_bit_is_found);
    RUN(lies_with_a_right_sum_are_found);
    RUN(the_extractor_stands_in_the_header);
    RUN(an_extractor_that_is_not_known_is_refused);
    RUN(arguments);
    RUN(many_is_one_after_another);
    return DONE();
}
