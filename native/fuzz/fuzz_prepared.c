/* Any minutiae and any bytes that pretend to be a prepared template: refused, or safe to compare,
 * with the same score from either side. */
#include "compare/template/prepared.h"
#include "fuzz.h"

static arena_t sides[2], scratch_of;

/* What may be wrong with bytes; a number of an extractor that is not known is one of them. */
static int32_t refused(civid_status status) {
    return status == CIVID_E_CORRUPT || status == CIVID_E_CALIBRATION;
}

/* Minutiae straight from the bytes: NaN, infinities and all. */
static void *prepare_raw(input_t *in, uint64_t *size, arena_t *side) {
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    memset(minutiae, 0, sizeof minutiae);
    const uint32_t wild = take(in, 1);
    /* rarely many: they cost a hundred times more, and do little that a few do not */
    const int32_t count = (int32_t)(take(in, 1) % (wild > 253 ? 40 : 8));
    for (int32_t i = 0; i < count; i++) {
        civid_minutia_t *m = &minutiae[i];
        if (wild % 4 == 0) {
            const uint32_t bits[3] = {take(in, 4), take(in, 4), take(in, 4)};
            memcpy(m, bits, sizeof bits);
            m->kind = (uint8_t)take(in, 1), m->quality = (uint8_t)take(in, 1);
        } else {
            m->x = (float)(take(in, 2) % (wild % 4 == 1 ? 60 : 600));
            m->y = (float)(take(in, 2) % 600);
            m->angle = (float)take(in, 1) * (6.2831853f / 256);
            m->kind = (uint8_t)(take(in, 1) % 3), m->quality = (uint8_t)(take(in, 1) % 101);
        }
    }
    REQUIRE(civid_prepared_size(count, size) == CIVID_OK);
    void *prepared = lend(side, *size);
    const civid_status status =
        civid_prepare(minutiae, count, (int32_t)(wild >> 2) % 2, prepared, *size);
    REQUIRE(status == CIVID_OK || (status == CIVID_E_VALUE && wild % 4 == 0));
    if (status == CIVID_OK) {
        REQUIRE(civid_prepared_check(prepared, *size) == CIVID_OK);
        return prepared;
    }
    return NULL;
}

static void damage(input_t *in, uint8_t *prepared, uint64_t size) {
    for (uint32_t n = take(in, 1) % 8; n > 0; n--)
        prepared[take(in, 2) % size] = (uint8_t)take(in, 1);
    if (take(in, 1) % 4 == 0) /* all but the header */
        for (uint64_t i = 64; i < size; i++) prepared[i] = (uint8_t)take(in, 1);
}

static void compare(const void *a, uint64_t a_size, const void *b, uint64_t b_size,
                    int32_t undamaged) {
    uint64_t scratch_size;
    REQUIRE(civid_compare_scratch_size(&scratch_size) == CIVID_OK);
    void *scratch = lend(&scratch_of, scratch_size); /* what the last comparison left in it */
    civid_comparison_t ab, ba;
    civid_pair_t pairs[CIVID_MAX_MINUTIAE];
    const civid_status forth = civid_compare(a, a_size, b, b_size, NULL, scratch, scratch_size, &ab,
                                             pairs, CIVID_MAX_MINUTIAE);
    const civid_status back =
        civid_compare(b, b_size, a, a_size, NULL, scratch, scratch_size, &ba, NULL, 0);
    REQUIRE(forth == back);
    REQUIRE(forth == CIVID_OK || (!undamaged && refused(forth)));
    if (forth == CIVID_OK) {
        REQUIRE(ab.pairs >= 0 && ab.pairs <= CIVID_MAX_MINUTIAE && ab.raw >= 0);
        REQUIRE(ab.score >= 0 && ab.score < 1e6f);
        if (undamaged) {
            REQUIRE(ab.raw == ba.raw && ab.score == ba.score && ab.pairs == ba.pairs);
            uint8_t used[256] = {0};
            for (int32_t k = 0; k < ab.pairs; k++) REQUIRE(used[pairs[k].probe]++ == 0);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input_t in = {data, size};
    const uint32_t mode = take(&in, 1) % 4;
    if (mode == 0) { /* bytes as they are, at their true size */
        uint8_t *bytes = lend(&sides[0], in.left);
        memcpy(bytes, in.at, in.left);
        const civid_status status = civid_prepared_check(bytes, in.left);
        REQUIRE(status == CIVID_OK || refused(status));
        return 0;
    }
    uint64_t a_size = 0, b_size = 0;
    uint8_t *a = prepare_raw(&in, &a_size, &sides[0]);
    uint8_t *b = prepare_raw(&in, &b_size, &sides[1]);
    if (a == NULL || b == NULL) return 0;
    if (mode == 1) {
        compare(a, a_size, b, b_size, 1);
        return 0;
    }
    if (take(&in, 1) % 8 == 0) { /* with itself */
        compare(a, a_size, a, a_size, 1);
        return 0;
    }
    damage(&in, a, a_size);
    if (mode == 3) ((civid__prepared_t *)(void *)a)->extractor = (uint8_t)take(&in, 1);
    const civid_status status = civid_prepared_check(a, a_size);
    REQUIRE(status == CIVID_OK || refused(status));
    compare(a, a_size, b, b_size, 0);
    return 0;
}
