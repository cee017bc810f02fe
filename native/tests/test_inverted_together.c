/* Several probes that go through lists together: each has the answer that it has alone. */
#include "kernels.h"
#include "search/inverted/together/group.h"

#include "built_part.h"

enum {
    PEOPLE = 90,
    POSITIONS = 6,
    CELLS = 16,
    PROBES = 13,
    KEEP = 9,
    ROOM = PROBES * POSITIONS * 40 * (1 + CELLS),
};

/* People with one to six fingers, one of them of unknown position; some fingers alike. */
static civid__built_t gallery(void) {
    static const uint8_t position[POSITIONS] = {0, 2, 3, 5, 7, 9};
    uint64_t seeds[PEOPLE * POSITIONS];
    int32_t counts[PEOPLE * POSITIONS], fingers = 0;
    uint8_t positions[PEOPLE * POSITIONS];
    int64_t first[PEOPLE + 1] = {0};
    for (int32_t s = 0; s < PEOPLE; s++) {
        for (int32_t k = 0; k < POSITIONS; k++) {
            if ((s + k) % 5 == 0 || (k == 0 && s % 3) || (s % 7 == 0 && k > 1)) continue;
            seeds[fingers] = 8u * (uint64_t)(s / 2 * POSITIONS + k);
            counts[fingers] = 1 + (s * 7 + k * 31) % 70;
            positions[fingers++] = position[k];
        }
        first[s + 1] = fingers;
    }
    return civid__build(seeds, counts, positions, fingers, first, PEOPLE);
}

static uint8_t *build(const civid__built_t *b, uint64_t *size) {
    CHECK_INT(civid_inverted_size(&b->part, 0, PEOPLE, size), CIVID_OK);
    const uint64_t items = b->offsets[b->part.finger_count] / 8 - (uint64_t)b->part.finger_count;
    uint16_t *scratch = civid__exactly(items * sizeof *scratch);
    uint8_t *lists = civid__memory(*size);
    CHECK_INT(civid_inverted_build(&b->part, 0, PEOPLE, lists, *size, scratch, items), CIVID_OK);
    free(scratch);
    return lists;
}

typedef struct {
    civid_candidate_t found[PROBES * KEEP];
    int64_t counts[PROBES];
} answer_t;

/* The probes first .. first + count - 1 in one call, with so much scratch. */
static void ask(const civid__built_t *b, const uint8_t *lists, uint64_t lists_size, int64_t first,
                int64_t count, int32_t fingers, int32_t flags, uint64_t size, answer_t *answer) {
    int64_t slots[PROBES], after[PROBES];
    uint16_t *asked = civid__exactly(ROOM * sizeof *asked);
    uint64_t items = 0;
    for (int64_t p = 0; p < count; p++) {
        uint64_t mine = 0;
        slots[p] = (first + p) * 5, after[p] = (first + p) % 3 ? (first + p) * 4 : 0;
        CHECK_INT(civid_inverted_asked(&b->part, slots[p], fingers, CELLS, asked + items,
                                       ROOM - items, &mine),
                  CIVID_OK);
        items += mine;
    }
    void *scratch = civid__memory(size);
    CHECK_INT(civid_inverted_prefilter(&b->part, slots, count, asked, items, CELLS, &b->part, 0,
                                       lists, lists_size, after, fingers, flags, scratch, size,
                                       KEEP, answer->found, answer->counts),
              CIVID_OK);
    free(scratch), free(asked);
}

static void each_is_answered_as_alone(void) {
    static answer_t have, want;
    civid__built_t b = gallery();
    b.alive[5] = b.alive[40] = 0;
    uint64_t lists_size, least;
    CHECK_INT(civid_inverted_scratch_size(PEOPLE, 1, &least), CIVID_OK);
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (!civid_cpu_available(isa)) continue;
        CHECK_INT(civid_cpu_force(isa), CIVID_OK);
        uint8_t *lists = build(&b, &lists_size);
        for (int32_t fingers = 1; fingers <= 3; fingers++)
            for (int32_t flags = 0; flags <= CIVID_PREFILTER_ANY_FINGER; flags++)
                for (int64_t number = 2; number <= PROBES; number += 3) {
                    uint64_t size;
                    CHECK_INT(civid_inverted_together_size(PEOPLE, number, CELLS, &size), CIVID_OK);
                    ask(&b, lists, lists_size, 0, PROBES, fingers, flags, size, &have);
                    for (int64_t p = 0; p < PROBES; p++) {
                        ask(&b, lists, lists_size, p, 1, fingers, flags, least, &want);
                        CHECK_INT(have.counts[p], want.counts[0]);
                        for (int64_t k = 0; k < want.counts[0]; k++) {
                            CHECK_INT(have.found[p * KEEP + k].reference, want.found[k].reference);
                            CHECK(have.found[p * KEEP + k].score == want.found[k].score);
                        }
                    }
                }
        free(lists);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    civid__drop(&b);
}

/* Sums of what was found, beside those of who looks alone; memory that runs out. */
static void what_is_found_adds_up(void) {
    enum { MOST = 40 };
    civid__built_t b = gallery();
    uint64_t lists_size, items = 0;
    uint8_t *lists = build(&b, &lists_size);
    civid__inverted_t open;
    CHECK_INT(civid__inverted_open(lists, lists_size, &open), CIVID_OK);
    uint16_t *row = civid__exactly(ROOM * sizeof *row);
    CHECK_INT(civid_inverted_asked(&b.part, 11, 1, CELLS, row, ROOM, &items), CIVID_OK);
    civid__finger_t finger;
    CHECK_INT(civid__part_finger(&b.part, b.first[11], &finger), CIVID_OK);
    const int32_t position = b.positions[b.first[11]];
    const civid__list_t *list = &open.list[position];
    const int32_t count = finger.codes.count < MOST ? finger.codes.count : MOST;
    const civid__asked_t asked = {row, count, CELLS};
    uint32_t sum[PEOPLE], state[PEOPLE];
    civid__inverted_sums(list, PEOPLE, &finger.codes, &asked, 0, sum);
    uint64_t *tables = civid__exactly(civid__together_tables(2 * MOST, CELLS) / 8 * 8 + 8);
    for (uint32_t room = 0; room <= 2 * MOST; room += MOST / 2) {
        civid__finds_t finds[2][MOST] = {0};
        const civid__asker_t asker[2] = {{&finger.codes, &asked, finds[0]},
                                         {&finger.codes, &asked, finds[1]}};
        civid__chunks_t chunks = {civid__exactly((room + 1) * sizeof *chunks.chunk), 0, room};
        const int done = civid__inverted_together(list, asker, 2, CELLS, tables, &chunks);
        CHECK_INT(done, room >= 2 * (uint32_t)count);
        for (int32_t which = 0; which < 2 && done; which++) {
            civid__found_sums(&chunks, finds[which], PEOPLE, 0, count / 2, state);
            civid__found_sums(&chunks, finds[which], PEOPLE, count / 2, count, state);
            for (int32_t s = 0; s < PEOPLE; s++) CHECK_INT(state[s] >> 16, sum[s] >> 16);
        }
        free(chunks.chunk);
    }
    free(tables), free(row), free(lists);
    civid__drop(&b);
}

/* Every twin of the kernels, of any number of minutiae, against their definition. */
static void owners_are_those_of_the_definition(void) {
    enum { MOST = 40 };
    uint64_t seed = 5;
    for (uint32_t count = 0; count <= MOST; count++) {
        civid__listed_t *listed = civid__exactly((count + 1) * sizeof *listed);
        uint8_t *subject = civid__exactly(count + 1);
        const uint32_t turn = (uint32_t)civid__below(&seed, 9);
        uint32_t want[MOST], owners = 0;
        for (uint32_t j = 0; j < count; j++) {
            const uint64_t code = civid__random(&seed) & civid__random(&seed);
            const uint64_t detail =
                civid__random(&seed) & civid__random(&seed) & civid__random(&seed);
            listed[j] = (civid__listed_t){code, detail};
            subject[j] = (uint8_t)civid__below(&seed, 256);
            uint32_t differing = turn;
            for (int32_t k = 0; k < 64; k++)
                differing += (uint32_t)((k < 56 ? code >> k & 1 : 0) + (detail >> k & 1));
            if (differing >= CIVID__INVERTED_NEAR) continue;
            want[owners++] = (uint32_t)(code >> 56) << 24 | (uint32_t)subject[j] << 16 | differing;
        }
        for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
            if (!civid_cpu_available(isa)) continue;
            CHECK_INT(civid_cpu_force(isa), CIVID_OK);
            static uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND];
            const civid__owned_t of = {listed, subject, count, turn};
            CHECK_INT(civid__kernels()->owners(0, 0, &of, near), owners);
            CHECK(memcmp(near, want, owners * sizeof *near) == 0);
        }
        free(listed), free(subject);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

static void nonsense_is_refused(void) {
    uint64_t size;
    CHECK_INT(civid_inverted_together_size(9, 1, CELLS, NULL), CIVID_E_NULL);
    CHECK_INT(civid_inverted_together_size(-1, 1, CELLS, &size), CIVID_E_COUNT);
    CHECK_INT(civid_inverted_together_size(9, -1, CELLS, &size), CIVID_E_COUNT);
    CHECK_INT(civid_inverted_together_size(9, CIVID_PREFILTER_MAX_PROBES + 1, CELLS, &size),
              CIVID_E_COUNT);
    CHECK_INT(civid_inverted_together_size(9, 1, 0, &size), CIVID_E_VALUE);
    CHECK_INT(civid_inverted_together_size(9, 1, CIVID_INVERTED_MAX_CELLS + 1, &size),
              CIVID_E_VALUE);
}

int main(void) {
    RUN(each_is_answered_as_alone);
    RUN(what_is_found_adds_up);
    RUN(owners_are_those_of_the_definition);
    RUN(nonsense_is_refused);
    return DONE();
}
