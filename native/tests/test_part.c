/* A part is filled as its templates one by one would be, and unpacked to what civid_prepare makes. */
#include "compiler.h"
#include "built_part.h"

enum { FINGERS = 7, SUBJECTS = 4 };
static const uint64_t seeds[FINGERS] = {1, 2, 3, 4, 5, 6, 7};
static const int32_t counts[FINGERS] = {30, 1, 255, 8, 9, 40, 64};
static const uint8_t positions[FINGERS] = {0, 2, 10, 2, 7, 1, 2};
static const int64_t first[SUBJECTS + 1] = {0, 3, 3, 5, 7};

static civid__built_t build(void) {
    return civid__build(seeds, counts, positions, FINGERS, first, SUBJECTS);
}

/* ---- filling ----------------------------------------------------------------------------- */

static void codes_lie_behind_each_other(void) {
    civid__built_t b = build();
    uint64_t word = 0;
    for (int32_t f = 0; f < FINGERS; f++) {
        civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
        CIVID_ALIGNED(8) uint8_t packed[8 + 8 * CIVID_MAX_MINUTIAE];
        uint64_t codes[CIVID_MAX_MINUTIAE], details[CIVID_MAX_MINUTIAE];
        const uint64_t size = 8 + 8 * (uint64_t)counts[f];
        civid__minutiae(seeds[f], counts[f], minutiae);
        CHECK_INT(civid_pack(minutiae, counts[f], 0, packed, size), CIVID_OK);
        CHECK_INT(civid_scan_codes(packed, size, codes, details), CIVID_OK);
        CHECK(memcmp(b.block + b.offsets[f], packed, size) == 0);
        CHECK_INT(word, b.offsets[f] / 8 - (uint64_t)f);
        CHECK(memcmp(b.codes + word, codes, size - 8) == 0);
        CHECK(memcmp(b.details + word, details, size - 8) == 0);
        word += (uint64_t)counts[f];
    }
    CHECK_INT(word, b.part.block_size / 8 - FINGERS);
    civid__drop(&b);
}

/* The same arrays, filled from the middle on. */
static void a_part_grows_at_its_end(void) {
    civid__built_t whole = build(), b = build();
    enum { FROM = 3 };
    civid_minutia_t *minutiae = civid__exactly((FINGERS - FROM + 1) * 255 * sizeof *minutiae);
    int64_t of[FINGERS - FROM + 1] = {0};
    for (int32_t i = 0; i < FINGERS - FROM; i++) {
        civid__minutiae(seeds[FROM + i], counts[FROM + i], minutiae + of[i]);
        of[i + 1] = of[i] + counts[FROM + i];
    }
    const uint64_t at = b.offsets[FROM], size = b.part.block_size, words = size / 8 - FINGERS;
    memset(b.block + at, 0xa5, size - at);
    memset(b.codes + at / 8 - FROM, 0xa5, (words - (at / 8 - FROM)) * 8);
    memset(b.details + at / 8 - FROM, 0xa5, (words - (at / 8 - FROM)) * 8);
#define INDEX(minutiae, of, count, finger, block, size, offsets, codes, details) \
    civid_index_many(minutiae, of, NULL, count, finger, block, size, offsets, codes, details)
    uint64_t *const o = b.offsets + FROM;
    enum { N = FINGERS - FROM };
    CHECK_INT(INDEX(minutiae, of, N, FROM, b.block, size, o, b.codes, b.details), CIVID_OK);
    CHECK(memcmp(b.block, whole.block, size) == 0);
    CHECK(memcmp(b.codes, whole.codes, words * 8) == 0);
    CHECK(memcmp(b.details, whole.details, words * 8) == 0);

    CHECK_INT(INDEX(minutiae, of, 0, FROM, b.block, size, o, b.codes, b.details), CIVID_OK);
    CHECK_INT(INDEX(NULL, NULL, 0, 0, NULL, 0, NULL, NULL, NULL), CIVID_OK);
    CHECK_INT(INDEX(minutiae, of, -1, FROM, b.block, size, o, b.codes, b.details), CIVID_E_COUNT);
    CHECK_INT(INDEX(minutiae, of, N, -1, b.block, size, o, b.codes, b.details), CIVID_E_COUNT);
    CHECK_INT(INDEX(NULL, of, N, FROM, b.block, size, o, b.codes, b.details), CIVID_E_NULL);
    CHECK_INT(INDEX(minutiae, NULL, N, FROM, b.block, size, o, b.codes, b.details), CIVID_E_NULL);
    CHECK_INT(INDEX(minutiae, of, N, FROM, NULL, size, o, b.codes, b.details), CIVID_E_NULL);
    CHECK_INT(INDEX(minutiae, of, N, FROM, b.block, size, NULL, b.codes, b.details), CIVID_E_NULL);
    CHECK_INT(INDEX(minutiae, of, N, FROM, b.block, size, o, NULL, b.details), CIVID_E_NULL);
    CHECK_INT(INDEX(minutiae, of, N, FROM, b.block, size, o, b.codes, NULL), CIVID_E_NULL);
    CHECK_INT(INDEX(minutiae, of, N, FROM, b.block, size - 8, o, b.codes, b.details),
              CIVID_E_CAPACITY);
    /* behind so many fingers there are at least as many headers */
    CHECK_INT(INDEX(minutiae, of, N, INT64_MAX, b.block, size, o, b.codes, b.details),
              CIVID_E_CAPACITY);
    CHECK_INT(INDEX(minutiae, of, 1, (int64_t)(o[0] / 8) + 1, b.block, size, o, b.codes, b.details),
              CIVID_E_CAPACITY);
    minutiae[1].x = 1e9f;
    CHECK_INT(INDEX(minutiae, of, N, FROM, b.block, size, o, b.codes, b.details), CIVID_E_VALUE);
    minutiae[1].x = 1;
    of[1] += 1;
    CHECK_INT(INDEX(minutiae, of, N, FROM, b.block, size, o, b.codes, b.details),
              CIVID_E_CAPACITY);
    of[1] = INT64_MIN;
    CHECK_INT(INDEX(minutiae, of, N, FROM, b.block, size, o, b.codes, b.details), CIVID_E_COUNT);
#undef INDEX
    free(minutiae);
    civid__drop(&b), civid__drop(&whole);
}

/* ---- unpacking --------------------------------------------------------------------------- */

static civid_status unpack(const civid_part_t *part, const int64_t *slots, int64_t count,
                           uint32_t wanted) {
    int64_t fingers = -1;
    uint64_t size = 0, prepared_size;
    civid_status status = civid_unpacked_size(part, slots, count, wanted, &fingers, &size);
    if (status != CIVID_OK) return status;
    uint8_t *block = civid__memory(size), *found = civid__exactly((size_t)fingers);
    uint64_t *offsets = civid__exactly(((size_t)fingers + 1) * sizeof *offsets);
    int64_t *begin = civid__exactly(((size_t)count + 1) * sizeof *begin);
    memset(block, 0xa5, size);
    status = civid_unpack_subjects(part, slots, count, wanted, block, size, offsets, found, fingers,
                                   begin);
    int64_t done = 0;
    for (int64_t i = 0; i < count && status == CIVID_OK; i++) {
        CHECK_INT(begin[i], done);
        for (int64_t f = first[slots[i]]; f < first[slots[i] + 1]; f++) {
            if (!(wanted >> positions[f] & 1)) continue;
            civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
            civid__minutiae(seeds[f], counts[f], minutiae);
            CHECK_INT(civid_prepared_size(counts[f], &prepared_size), CIVID_OK);
            uint8_t *prepared = civid__memory(prepared_size);
            CHECK_INT(civid_prepare(minutiae, counts[f], 0, prepared, prepared_size), CIVID_OK);
            CHECK_INT(offsets[done + 1] - offsets[done], prepared_size);
            CHECK_INT(found[done], positions[f]);
            CHECK(memcmp(block + offsets[done++], prepared, prepared_size) == 0);
            free(prepared);
        }
    }
    if (status == CIVID_OK) {
        CHECK_INT(begin[count], fingers);
        CHECK_INT(done, fingers);
        CHECK_INT(offsets[fingers], size);
        /* One finger or one byte too few. */
        CHECK(fingers == 0 ||
              civid_unpack_subjects(part, slots, count, wanted, block, size - 1, offsets, found,
                                    fingers, begin) == CIVID_E_CAPACITY);
        CHECK(fingers == 0 ||
              civid_unpack_subjects(part, slots, count, wanted, block, size, offsets, found,
                                    fingers - 1, begin) == CIVID_E_CAPACITY);
    }
    free(block), free(found), free(offsets), free(begin);
    return status;
}

static void unpacking_is_preparing(void) {
    static const int64_t slots[] = {3, 0, 1, 0, 2};
    static const uint32_t wanted[] = {0, 1, 1 << 2, 1 << 2 | 1, (1 << CIVID_POSITIONS) - 1,
                                      UINT32_MAX};
    civid__built_t b = build();
    for (int32_t k = 0; k < 6; k++)
        for (int64_t n = 0; n <= 5; n++) CHECK_INT(unpack(&b.part, slots, n, wanted[k]), CIVID_OK);
    b.part.codes = b.part.details = NULL; /* are not read */
    CHECK_INT(unpack(&b.part, slots, 5, UINT32_MAX), CIVID_OK);
    civid__drop(&b);
}

static void arrays_that_lie(void) {
    static const int64_t slots[] = {0, 1, 2, 3};
#define LIE(change, wanted)                                               \
    do {                                                                  \
        civid__built_t b = build(), *g = &b;                              \
        change;                                                           \
        CHECK_INT(unpack(&g->part, slots, SUBJECTS, UINT32_MAX), wanted); \
        civid__drop(&b);                                                  \
    } while (0)
    LIE(g->first[1] = -1, CIVID_E_COUNT);
    LIE(g->first[4] = FINGERS + 1, CIVID_E_COUNT);
    LIE(g->first[1] = INT64_MAX, CIVID_E_COUNT);
    LIE(g->first[1] = INT64_MIN, CIVID_E_COUNT);
    LIE(g->positions[1] = 0, CIVID_E_VALUE);
    LIE(g->positions[2] = CIVID_POSITIONS, CIVID_E_VALUE);
    LIE(g->positions[2] = 255, CIVID_E_VALUE);
    LIE(g->offsets[2] += 4, CIVID_E_CAPACITY);
    LIE(g->offsets[2] += 8, CIVID_E_CORRUPT);
    LIE(g->offsets[2] = UINT64_MAX - 7, CIVID_E_CAPACITY);
    LIE(g->offsets[FINGERS] += 8, CIVID_E_CAPACITY);
    LIE(g->block[g->offsets[5] + 30] ^= 1, CIVID_E_CORRUPT);
    LIE(g->part.finger_count = 4, CIVID_E_COUNT);
    LIE(g->part.finger_count = INT64_MAX, CIVID_E_CAPACITY);
    LIE(g->part.finger_count = -1, CIVID_E_COUNT);
    LIE(g->part.subject_count = 3, CIVID_E_COUNT);
    LIE(g->part.subject_count = -1, CIVID_E_COUNT);
    LIE(g->part.block_size -= 8, CIVID_E_CAPACITY);
    LIE(g->part.block = NULL, CIVID_E_NULL);
    LIE(g->part.block = g->block + 4, CIVID_E_VALUE);
    LIE(g->part.offsets = NULL, CIVID_E_NULL);
    LIE(g->part.positions = NULL, CIVID_E_NULL);
    LIE(g->part.first = NULL, CIVID_E_NULL);
    LIE(g->part.first = (void *)((uint8_t *)g->first + 4), CIVID_E_VALUE);
    LIE(g->part.offsets = (void *)((uint8_t *)g->offsets + 4), CIVID_E_VALUE);
#undef LIE
}

static void arguments(void) {
    civid__built_t b = build();
    const civid_part_t *p = &b.part;
    static const int64_t nowhere[] = {-1, SUBJECTS, INT64_MIN, INT64_MAX}, slot = 1;
    int64_t fingers, begin[2];
    uint64_t size, offsets[1];
    for (int32_t k = 0; k < 4; k++) {
        CHECK_INT(civid_unpacked_size(p, &nowhere[k], 1, 1, &fingers, &size), CIVID_E_COUNT);
        CHECK_INT(civid_unpack_subjects(p, &nowhere[k], 1, 1, NULL, 0, offsets, NULL, 0, begin),
                  CIVID_E_COUNT);
    }
    CHECK_INT(civid_unpacked_size(NULL, &slot, 1, 1, &fingers, &size), CIVID_E_NULL);
    CHECK_INT(civid_unpacked_size(p, NULL, 1, 1, &fingers, &size), CIVID_E_NULL);
    CHECK_INT(civid_unpacked_size(p, &slot, -1, 1, &fingers, &size), CIVID_E_COUNT);
    CHECK_INT(civid_unpacked_size(p, &slot, 1, 1, NULL, &size), CIVID_E_NULL);
    CHECK_INT(civid_unpacked_size(p, &slot, 1, 1, &fingers, NULL), CIVID_E_NULL);
#define UNPACK(slots, count, block, size, offsets, positions, fingers, first) \
    civid_unpack_subjects(p, slots, count, 1, block, size, offsets, positions, fingers, first)
    CHECK_INT(UNPACK(&slot, 1, NULL, 0, offsets, NULL, 0, begin), CIVID_OK); /* has no fingers */
    CHECK_INT(begin[1], 0);
    CHECK_INT(UNPACK(NULL, 0, NULL, 0, offsets, NULL, 0, begin), CIVID_OK);
    CHECK_INT(UNPACK(NULL, 1, NULL, 0, offsets, NULL, 0, begin), CIVID_E_NULL);
    CHECK_INT(UNPACK(&slot, 1, NULL, 0, NULL, NULL, 0, begin), CIVID_E_NULL);
    CHECK_INT(UNPACK(&slot, 1, NULL, 0, offsets, NULL, 0, NULL), CIVID_E_NULL);
    CHECK_INT(UNPACK(&slot, 1, NULL, 0, offsets, NULL, 1, begin), CIVID_E_NULL);
    CHECK_INT(UNPACK(&slot, 1, NULL, 0, offsets, NULL, -1, begin), CIVID_E_COUNT);
    CHECK_INT(UNPACK(&slot, -1, NULL, 0, offsets, NULL, 0, begin), CIVID_E_COUNT);
    uint8_t position, *block = civid__memory(1 << 16);
    CHECK_INT(UNPACK(&slot, 1, block, 1 << 16, offsets, &position, 1, begin), CIVID_E_COUNT);
#undef UNPACK
    free(block);
    civid__drop(&b);
}

int main(void) {
    RUN(codes_lie_behind_each_other);
    RUN(a_part_grows_at_its_end);
    RUN(unpacking_is_preparing);
    RUN(arrays_that_lie);
    RUN(arguments);
    return DONE();
}
