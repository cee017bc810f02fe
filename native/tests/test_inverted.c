/* Inverted lists against a slow reading of their definition, for every twin, and damaged ones. */
#include "kernels.h"
#include "search/inverted/inverted.h"

#include "built_part.h"
#include "tables/shared.h"

enum { PRINTS = 60 };

static uint8_t *lists;
static uint64_t lists_size;

/* A finger a subject; prints 0, 1, 2, ... with some minutiae more each. */
static civid__built_t gallery(void) {
    uint64_t seeds[PRINTS];
    int32_t counts[PRINTS];
    uint8_t positions[PRINTS];
    int64_t first[PRINTS + 1] = {0};
    for (int32_t f = 0; f < PRINTS; f++) {
        seeds[f] = 8u * (uint64_t)(f / 2), counts[f] = f == 7 ? 255 : 1 + f * 5 % 80;
        positions[f] = 1, first[f + 1] = f + 1;
    }
    return civid__build(seeds, counts, positions, PRINTS, first, PRINTS);
}

static void build(const civid__built_t *b, int64_t begin, int64_t end) {
    CHECK_INT(civid_inverted_size(&b->part, begin, end, &lists_size), CIVID_OK);
    const uint64_t items = b->offsets[end] / 8 - (uint64_t)end;
    uint16_t *scratch = civid__exactly(items * sizeof *scratch);
    lists = civid__memory(lists_size);
    CHECK_INT(civid_inverted_build(&b->part, begin, end, lists, lists_size, scratch, items), CIVID_OK);
    CHECK_INT(civid_inverted_build(&b->part, begin, end, lists, lists_size - 1, scratch, items),
              CIVID_E_CAPACITY);
    CHECK_INT(civid_inverted_build(&b->part, begin, end, lists, lists_size, scratch, 0),
              begin < end ? CIVID_E_CAPACITY : CIVID_OK);
    CHECK_INT(civid_inverted_build(&b->part, begin, end, lists, lists_size, scratch, items), CIVID_OK);
    free(scratch);
}

static int32_t differing(uint64_t a, uint64_t b) {
    int32_t count = 0;
    for (int32_t k = 0; k < 64; k++) count += (a >> k & 1) != (b >> k & 1);
    return count;
}

static int32_t from_centre(uint64_t code, uint64_t detail, int32_t k) {
    return differing(code << 8 >> 8, civid__inverted_centre[0][k]) +
           differing(detail, civid__inverted_centre[1][k]);
}

static int32_t sixteenth(uint64_t code) {
    const int32_t bits = differing(code >> 56, 0);
    return bits == 0 || (code >> 56 & 1) ? bits : 16 - bits;
}

/* How many centres come before this one? */
static int32_t rank(uint64_t code, uint64_t detail, int32_t k) {
    const int32_t mine = from_centre(code, detail, k);
    int32_t before = 0;
    for (int32_t other = 0; other < CIVID__INVERTED; other++) {
        const int32_t bits = from_centre(code, detail, other);
        before += bits < mine || (bits == mine && other < k);
    }
    return before;
}

static int32_t own_centre(uint64_t code, uint64_t detail) {
    int32_t best = 0, least = 999;
    for (int32_t k = 0; k < CIVID__INVERTED; k++) {
        const int32_t bits = from_centre(code, detail, k);
        if (bits < least) least = bits, best = k;
    }
    return best;
}

static civid__codes_t codes_of(const civid__built_t *b, int64_t finger) {
    const uint64_t word = b->offsets[finger] / 8 - (uint64_t)finger;
    const int32_t count = (int32_t)((b->offsets[finger + 1] - b->offsets[finger]) / 8 - 1);
    return (civid__codes_t){count, b->codes + word, b->details + word};
}

/* What subject f's minutiae say of minutia i: bits << 8 | minutia, CIVID__PARTNER_NONE of none. */
static uint32_t slow_partner(const civid__codes_t *p, int32_t i, const civid__codes_t *r,
                             const int32_t *centre, int32_t cells) {
    uint32_t best = CIVID__PARTNER_NONE;
    for (int32_t j = 0; j < r->count; j++) {
        const int32_t bits =
            differing(p->first[i], r->first[j]) + differing(p->second[i], r->second[j]);
        const int32_t off = (sixteenth(p->first[i]) - sixteenth(r->first[j]) + 16) % 16;
        const uint32_t key = (uint32_t)bits << 8 | (uint32_t)j;
        if (key < best && (off <= 2 || off >= 14) &&
            rank(p->first[i], p->second[i], centre[j]) < cells)
            best = key;
    }
    return best;
}

static void sums_are_those_of_the_definition(void) {
    civid__built_t b = gallery();
    enum { BEGIN = 3, END = 24, SUBJECTS = END - BEGIN, ROOM = 64 * 41 };
    static const int64_t probes[] = {4, 9, 0, 30};
    static const int32_t cells[] = {4, 16, 64, 7};
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (!civid_cpu_available(isa)) continue;
        CHECK_INT(civid_cpu_force(isa), CIVID_OK);
        build(&b, BEGIN, END);
        civid__inverted_t opened;
        CHECK_INT(civid__inverted_open(lists, lists_size, &opened), CIVID_OK);
        CHECK_INT(opened.subjects, SUBJECTS);
        CHECK_INT(opened.positions, 2);
        for (int32_t k = 0; k < 4; k++) {
            const civid__codes_t p = codes_of(&b, probes[k]);
            uint16_t asked[ROOM];
            uint64_t items;
            CHECK_INT(civid_inverted_asked(&b.part, probes[k], 1, cells[k], asked, ROOM, &items),
                      CIVID_OK);
            const int32_t most = p.count < 40 ? p.count : 40;
            CHECK_INT(items, most * (1 + cells[k]));
            const civid__asked_t rows = {asked, most, cells[k]};
            uint32_t state[SUBJECTS];
            civid__inverted_sums(&opened.list[1], SUBJECTS, &p, &rows, 0, state);
            for (int32_t f = 0; f < SUBJECTS; f++) {
                const civid__codes_t r = codes_of(&b, BEGIN + f);
                CHECK_INT(opened.list[1].counts[f], r.count);
                if (f == 4 && k != 0) continue; /* the one with 255 minutiae once: rank is slow */
                int32_t centre[CIVID_MAX_MINUTIAE];
                uint32_t sum = 0;
                for (int32_t j = 0; j < r.count; j++)
                    centre[j] = own_centre(r.first[j], r.second[j]);
                for (int32_t q = 0; q < most; q++) {
                    const int32_t i = asked[q * (1 + cells[k])];
                    const uint32_t best = slow_partner(&p, i, &r, centre, cells[k]);
                    const int32_t gain = CIVID__INVERTED_NEAR - (int32_t)(best >> 8);
                    sum += gain > 0 ? (uint32_t)gain : 0;
                }
                CHECK_INT(state[f] >> 16, sum);
            }
        }
        free(lists);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    civid__drop(&b);
}

/* Every twin does what the portable one does, on any bits and any length. */
static void twins_are_equal(void) {
    enum { ROOM = 40 };
    uint64_t seed = 5;
    civid__listed_t listed[ROOM];
    for (int32_t isa = 1; isa < CIVID_ISA_COUNT; isa++) {
        if (!civid_cpu_available(isa)) continue;
        CHECK_INT(civid_cpu_force(isa), CIVID_OK);
        for (int32_t round = 0; round < 400; round++) {
            const uint64_t code = round == 0 ? 0 : round == 1 ? ~(uint64_t)0 : civid__random(&seed);
            const uint64_t detail = round < 2 ? code : civid__random(&seed);
            for (int32_t j = 0; j < ROOM; j++) {
                listed[j].code = code ^ (civid__random(&seed) & civid__random(&seed) &
                                   (round % 3 ? civid__random(&seed) : ~(uint64_t)0));
                listed[j].detail = detail ^ (civid__random(&seed) & civid__random(&seed));
            }
            uint8_t one[CIVID__INVERTED], other[CIVID__INVERTED];
            civid__kernels()->centres(code, detail, one);
            civid__centres_portable(code, detail, other);
            CHECK(memcmp(one, other, sizeof one) == 0);
            const uint32_t length = (uint32_t)civid__below(&seed, ROOM + 1);
            const civid__run_t run = {listed, length, listed};
            uint32_t mine[CIVID__RUN + CIVID__RUN_BEHIND], theirs[CIVID__RUN + CIVID__RUN_BEHIND];
            const uint32_t found = civid__kernels()->run(code, detail, &run, mine);
            CHECK_INT(found, civid__run_portable(code, detail, &run, theirs));
            CHECK(memcmp(mine, theirs, found * sizeof *mine) == 0);
        }
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

/* civid_inverted_prefilter of subject 5 of `probes` in the lists of b. */
static civid_status prefilter_of(const civid_part_t *probes, const civid__built_t *b, int64_t items,
                                 int32_t flags, civid_candidate_t *out, int64_t *found) {
    static const int64_t slot = 5;
    enum { CELLS = 16, ROOM = 40 * (1 + CELLS) };
    uint16_t *asked = civid__exactly(ROOM * sizeof *asked);
    uint64_t size, all;
    CHECK_INT(civid_inverted_asked(probes, slot, 2, CELLS, asked, ROOM, &all), CIVID_OK);
    CHECK_INT(civid_inverted_scratch_size(PRINTS, 1, &size), CIVID_OK);
    void *scratch = civid__memory(size);
    const civid_status status = civid_inverted_prefilter(
        probes, &slot, 1, asked, items < 0 ? all : (uint64_t)items, CELLS, &b->part, 0, lists,
        lists_size, NULL, 2, flags, scratch, size, 3, out, found);
    free(scratch), free(asked);
    return status;
}

static civid_status prefilter(const civid__built_t *b, int64_t items, civid_candidate_t *out,
                              int64_t *found) {
    return prefilter_of(&b->part, b, items, 0, out, found);
}

/* Whatever the label: the answer of a finger that may be any is that of the right label. */
static void any_finger(void) {
    civid__built_t b = gallery();
    uint8_t other[PRINTS], unknown[PRINTS] = {0};
    memset(other, 7, sizeof other);
    civid_part_t relabelled = b.part;
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (!civid_cpu_available(isa)) continue;
        CHECK_INT(civid_cpu_force(isa), CIVID_OK);
        build(&b, 0, PRINTS);
        civid_candidate_t want[3], have[3];
        int64_t n = 0, m = 9;
        CHECK_INT(prefilter(&b, -1, want, &n), CIVID_OK);
        CHECK_INT(n, 3);
        relabelled.positions = other;
        CHECK_INT(prefilter_of(&relabelled, &b, -1, 0, have, &m), CIVID_OK);
        for (int64_t k = 0; k < m; k++) CHECK(!(have[k].score > -1e29f)); /* nothing to compare */
        CHECK_INT(prefilter_of(&relabelled, &b, -1, 2, have, &m), CIVID_E_VALUE);
        CHECK_INT(prefilter_of(&relabelled, &b, -1, CIVID_PREFILTER_ANY_FINGER, have, &m), CIVID_OK);
        CHECK_INT(m, n);
        for (int64_t k = 0; k < n; k++)
            CHECK(have[k].reference == want[k].reference && have[k].score == want[k].score);
        relabelled.positions = unknown;
        CHECK_INT(prefilter_of(&relabelled, &b, -1, 0, have, &m), CIVID_OK);
        CHECK_INT(m, n);
        for (int64_t k = 0; k < n; k++)
            CHECK(have[k].reference == want[k].reference && have[k].score == want[k].score);
        free(lists);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    civid__drop(&b);
}

static void lists_that_lie(void) {
    civid__built_t b = gallery();
    civid_candidate_t out[3];
    int64_t n = 0;
    build(&b, 0, PRINTS);
    CHECK_INT(prefilter(&b, -1, out, &n), CIVID_OK);
    CHECK_INT(n, 3);
    int there = 0;
    for (int64_t k = 0; k < n; k++) there |= out[k].reference == 5;
    CHECK(there);
    CHECK_INT(prefilter(&b, 3, out, &n), CIVID_E_CAPACITY);
    int64_t subjects;
    uint32_t positions;
    uint64_t bytes;
    CHECK_INT(civid_inverted_describe(lists, lists_size, &subjects, &positions, &bytes), CIVID_OK);
    CHECK_INT(subjects, PRINTS);
    CHECK_INT(positions, 2);
    CHECK_INT(bytes, lists_size);
    CHECK_INT(civid_inverted_describe(lists, lists_size - 1, &subjects, &positions, &bytes),
              CIVID_E_CAPACITY);
    CHECK_INT(civid_inverted_describe(lists, 63, &subjects, &positions, &bytes), CIVID_E_CAPACITY);
    uint8_t *good = civid__exactly(lists_size);
    memcpy(good, lists, lists_size);
    uint64_t seed = 3;
    for (int32_t round = 0; round < 300; round++) { /* any bytes: a status, and nothing outside */
        memcpy(lists, good, lists_size);
        const int32_t places = 1 + civid__below(&seed, 4);
        for (int32_t k = 0; k < places; k++) {
            const uint64_t at = civid__random(&seed) % (round % 2 ? 64 : lists_size);
            lists[at] = (uint8_t)civid__random(&seed);
        }
        (void)prefilter(&b, -1, out, &n);
        (void)civid_inverted_describe(lists, lists_size, &subjects, &positions, &bytes);
    }
    memcpy(lists, good, lists_size);
    lists_size -= 2;
    n = 9;
    CHECK_INT(prefilter(&b, -1, out, &n), CIVID_E_CAPACITY);
    CHECK_INT(n, 0); /* refused before any probe was read: found nothing */
    lists_size += 2;
    static const struct {
        size_t at;
        uint32_t value;
    } lies[] = {
        {0, 1},                   /* the magic */
        {8, 6},                   /* a position without minutiae */
        {128, 1},                 /* the first list begins late */
        {128 + 4 * 99, UINT32_MAX}, /* past the end, and lists run backwards */
        {128 + 4 * 16384, 1},     /* the last list ends early */
    };
    for (size_t k = 0; k < sizeof lies / sizeof *lies; k++) {
        memcpy(lists + lies[k].at, &lies[k].value, 4);
        CHECK_INT(prefilter(&b, -1, out, &n), CIVID_E_CORRUPT);
        memcpy(lists, good, lists_size);
    }
    b.first[9] += 12; /* lists of another part */
    CHECK_INT(prefilter(&b, -1, out, &n), CIVID_E_COUNT);
    b.first[9] -= 12;
    uint64_t size;
    CHECK_INT(civid_inverted_size(&b.part, 0, PRINTS + 1, &size), CIVID_E_COUNT);
    CHECK_INT(civid_inverted_size(&b.part, 0, 1, NULL), CIVID_E_NULL);
    uint16_t asked[5];
    CHECK_INT(civid_inverted_asked(&b.part, 0, 1, 0, asked, 5, &size), CIVID_E_VALUE);
    CHECK_INT(civid_inverted_asked(&b.part, 0, 1, 65, asked, 5, &size), CIVID_E_VALUE);
    CHECK_INT(civid_inverted_asked(&b.part, 0, 1, 4, asked, 4, &size), CIVID_E_CAPACITY);
    CHECK_INT(civid_inverted_asked(&b.part, 0, 1, 4, asked, 5, &size), CIVID_OK);
    CHECK_INT(size, 5); /* subject 0 has one minutia */
    free(good), free(lists);
    civid__drop(&b);
}

static void nobody(void) {
    civid__built_t b = gallery();
    int64_t n = 9;
    build(&b, 0, 0);
    civid_candidate_t out[3];
    CHECK_INT(prefilter(&b, -1, out, &n), CIVID_OK);
    CHECK_INT(n, 0);
    free(lists);
    civid__drop(&b);
}

int main(void) {
    RUN(sums_are_those_of_the_definition);
    RUN(twins_are_equal);
    RUN(any_finger);
    RUN(lists_that_lie);
    RUN(nobody);
    return DONE();
}
