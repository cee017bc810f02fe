/* The codes of a print come out of the lists as they went in, and nothing else is needed of them. */
#include "search/arrays/part.h"
#include "search/inverted/lists/layout.h"

#include "built_part.h"

enum { PEOPLE = 300, MOST = 3 * PEOPLE, BEGIN = 5, CELLS = 16, ROOM = 4 * 40 * (1 + CELLS) };

static uint8_t *lists;
static uint64_t lists_size;

/* People of up to three fingers, some without any; more than 256, so that both bytes of a subject
 * count. */
static civid__built_t gallery(void) {
    static const uint8_t position[] = {0, 2, 7};
    uint64_t seeds[MOST];
    int32_t counts[MOST], fingers = 0;
    uint8_t positions[MOST];
    int64_t first[PEOPLE + 1] = {0};
    for (int32_t s = 0; s < PEOPLE; s++) {
        for (int32_t k = 0; k < 3; k++) {
            if ((s + k) % 4 == 0 || s % 50 == 7) continue;
            seeds[fingers] = 8u * (uint64_t)(s / 2 * 3 + k);
            counts[fingers] = 1 + (s * 7 + k * 31) % 40;
            positions[fingers++] = position[k];
        }
        first[s + 1] = fingers;
    }
    return civid__build(seeds, counts, positions, fingers, first, PEOPLE);
}

static civid_status build(const civid__built_t *b, int64_t begin, int64_t end) {
    const civid_status status = civid_inverted_size(&b->part, begin, end, &lists_size);
    if (status != CIVID_OK) return status;
    const uint64_t items = b->part.block_size / 8;
    uint16_t *scratch = civid__exactly(items * sizeof *scratch);
    lists = civid__memory(lists_size);
    const civid_status made =
        civid_inverted_build(&b->part, begin, end, lists, lists_size, scratch, items);
    free(scratch);
    return made;
}

static void codes_come_back(void) {
    civid__built_t b = gallery();
    CHECK_INT(build(&b, BEGIN, PEOPLE), CIVID_OK);
    civid__inverted_t open;
    CHECK_INT(civid__inverted_open(lists, lists_size, &open), CIVID_OK);
    const uint64_t before = b.offsets[b.first[BEGIN]] / 8 - (uint64_t)b.first[BEGIN];
    for (int32_t s = BEGIN; s < PEOPLE; s++)
        for (int64_t f = b.first[s]; f < b.first[s + 1]; f++) {
            civid__finger_t one;
            uint64_t first[CIVID_MAX_MINUTIAE], second[CIVID_MAX_MINUTIAE];
            CHECK_INT(civid__part_finger(&b.part, f, &one), CIVID_OK);
            const uint8_t *angle = civid__packed_points(one.packed).angle;
            const uint64_t index = b.offsets[f] / 8 - (uint64_t)f - before;
            const int32_t n = one.codes.count, j = b.positions[f];
            civid__inverted_fetch(&open, j, index, angle, n);
            CHECK_INT(civid__inverted_codes(&open, j, s - BEGIN, index, angle, n, first, second),
                      CIVID_OK);
            CHECK(memcmp(first, one.codes.first, (size_t)n * sizeof *first) == 0);
            CHECK(memcmp(second, one.codes.second, (size_t)n * sizeof *second) == 0);
            /* whose upper byte is another, and what lies behind the last one */
            CHECK_INT(civid__inverted_codes(&open, j, s - BEGIN + 512, index, angle, n, first, second),
                      CIVID_E_CORRUPT);
            CHECK_INT(civid__inverted_codes(&open, j, s - BEGIN, open.minutiae - (uint64_t)n + 1,
                                            angle, n, first, second),
                      CIVID_E_CORRUPT);
            civid__inverted_fetch(&open, j, open.minutiae - (uint64_t)n + 1, angle, n);
            civid__inverted_fetch(&open, j, UINT64_MAX, angle, n);
        }
    free(lists);
    civid__drop(&b);
}

static civid_status prefilter(const civid__built_t *b, const civid_part_t *references,
                              civid_candidate_t *out, int64_t *found) {
    static const int64_t slot = 31;
    uint16_t *asked = civid__exactly(ROOM * sizeof *asked);
    uint64_t size, items;
    CHECK_INT(civid_inverted_asked(&b->part, slot, 2, CELLS, asked, ROOM, &items), CIVID_OK);
    CHECK_INT(civid_inverted_scratch_size(PEOPLE, 1, &size), CIVID_OK);
    void *scratch = civid__memory(size);
    const civid_status status =
        civid_inverted_prefilter(&b->part, &slot, 1, asked, items, CELLS, references, 0, lists,
                                 lists_size, NULL, 2, 0, scratch, size, 9, out, found);
    free(scratch), free(asked);
    return status;
}

/* What is searched by lists needs no codes beside them. */
static void no_other_codes_are_read(void) {
    civid__built_t b = gallery();
    civid_candidate_t want[9], have[9];
    int64_t n = 0, m = 0;
    CHECK_INT(build(&b, 0, PEOPLE), CIVID_OK);
    CHECK_INT(prefilter(&b, &b.part, want, &n), CIVID_OK);
    civid_part_t bare = b.part;
    bare.codes = bare.details = NULL;
    CHECK_INT(prefilter(&b, &bare, have, &m), CIVID_OK);
    CHECK_INT(n, 9);
    CHECK_INT(m, n);
    for (int64_t k = 0; k < n; k++)
        CHECK(have[k].reference == want[k].reference && have[k].score == want[k].score);
    free(lists);
    civid__drop(&b);
}

/* Places that lead elsewhere are refused or lead to a wrong value, never outside. */
static void places_that_lie(void) {
    civid__built_t b = gallery();
    civid_candidate_t out[9];
    int64_t n = 0;
    uint64_t seed = 17;
    CHECK_INT(build(&b, 0, PEOPLE), CIVID_OK);
    civid__lists_header_t header;
    memcpy(&header, lists, sizeof header);
    const int32_t bits = header.bits;
    for (int32_t wrong = -1; wrong <= 40; wrong++) {
        if (wrong == bits) continue;
        header.bits = wrong;
        memcpy(lists, &header, sizeof header);
        const civid_status status = prefilter(&b, &b.part, out, &n);
        CHECK(status == (wrong < 1 || wrong > CIVID__PLACE_MOST ? CIVID_E_CORRUPT : status));
        CHECK(status != CIVID_OK || civid__places_size(1, wrong) == civid__places_size(1, bits));
    }
    header.bits = bits;
    memcpy(lists, &header, sizeof header);
    uint64_t minutiae = 0;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) minutiae += (uint64_t)header.minutiae[i];
    const uint64_t size = civid__places_size(minutiae, bits);
    uint8_t *const places = lists + lists_size - size;
    memset(places, 0xff, size);
    CHECK_INT(prefilter(&b, &b.part, out, &n), CIVID_E_CORRUPT);
    for (int32_t round = 0; round < 50; round++) {
        for (uint64_t k = 0; k < size; k++) places[k] = (uint8_t)civid__random(&seed);
        (void)prefilter(&b, &b.part, out, &n);
    }
    free(lists);
    civid__drop(&b);
}

static void parts_that_lie(void) {
    civid__built_t b = gallery();
    b.codes[40] ^= (uint64_t)1 << 60; /* another direction than the template's */
    CHECK_INT(build(&b, 0, PEOPLE), CIVID_E_CORRUPT);
    b.codes[40] ^= (uint64_t)1 << 60;
    b.block[b.offsets[9] + 4] ^= 1; /* a packed template of another version */
    CHECK(build(&b, 0, PEOPLE) != CIVID_OK);
    b.block[b.offsets[9] + 4] ^= 1;
    b.first[20]++; /* prints that belong to nobody, and to two */
    CHECK(build(&b, 0, PEOPLE) != CIVID_OK || (free(lists), 1));
    civid__drop(&b);
}

/* Numbers of any width, one behind the other. */
static void places_are_packed(void) {
    uint64_t seed = 3;
    for (int32_t bits = 1; bits <= CIVID__PLACE_MOST; bits++) {
        enum { NUMBER = 77 };
        uint32_t want[NUMBER];
        const uint64_t size = civid__places_size(NUMBER, bits);
        uint8_t *places = civid__exactly(size);
        memset(places, 0, size);
        for (int32_t k = 0; k < NUMBER; k++) {
            want[k] = (uint32_t)civid__random(&seed) & ((1u << bits) - 1);
            civid__set_place(places, bits, (uint64_t)k, want[k]);
        }
        for (int32_t k = 0; k < NUMBER; k++)
            CHECK_INT(civid__place(places, bits, (uint64_t)k), want[k]);
        free(places);
    }
}

int main(void) {
    RUN(codes_come_back);
    RUN(no_other_codes_are_read);
    RUN(places_that_lie);
    RUN(parts_that_lie);
    RUN(places_are_packed);
    return DONE();
}
