/* Sums over inverted lists of any length against a slow reading of their definition, for every twin. */
#include "kernels.h"
#include "search/inverted/inverted.h"

#include "built_part.h"

enum { LONG = 3 * CIVID__RUN + 77, SHORT = 70, PEOPLE = 50 };

static uint32_t differing(uint64_t a, uint64_t b) {
    uint32_t count = 0;
    for (int32_t k = 0; k < 64; k++) count += (uint32_t)((a ^ b) >> k & 1);
    return count;
}

/* Of each subject and each of `asked` the nearest in the lists of centre 3 and 900, which are all in
 * reach; added up without anything that civid__inverted_sums does to be fast. */
static void slow_sums(const civid__list_t *list, const civid__codes_t *probe,
                      const civid__asked_t *asked, const uint32_t turn[], uint32_t sum[PEOPLE]) {
    memset(sum, 0, PEOPLE * sizeof *sum);
    for (int32_t k = 0; k < asked->count; k++) {
        uint32_t nearest[PEOPLE];
        for (int32_t s = 0; s < PEOPLE; s++) nearest[s] = CIVID__INVERTED_NEAR;
        for (int32_t j = 0; j < list->minutiae; j++) {
            const int32_t i = asked->row[k * (1 + asked->cells)];
            const uint32_t bits = differing(probe->first[i] << 8, list->listed[j].code << 8) +
                                  differing(probe->second[i], list->listed[j].detail) + turn[j];
            const uint32_t whose = (uint32_t)(list->listed[j].code >> 56) << 8 | list->subject[j];
            if (whose < PEOPLE && bits < nearest[whose]) nearest[whose] = bits;
        }
        for (int32_t s = 0; s < PEOPLE; s++) sum[s] += CIVID__INVERTED_NEAR - nearest[s];
    }
}

/* Lists longer than what is found at once, short ones, and subjects that there are not. */
static void long_lists_are_added_up(void) {
    uint64_t seed = 11;
    civid__listed_t *listed = civid__exactly((LONG + SHORT) * sizeof *listed);
    uint8_t *subject = civid__exactly((LONG + SHORT) * sizeof *subject);
    uint32_t *turn = civid__exactly((LONG + SHORT) * sizeof *turn);
    uint32_t *start = civid__exactly(CIVID__INVERTED_STARTS * sizeof *start);
    enum { MINUTIAE = 3, CELLS = 2, DIRECTION = 1 }; /* so that both halves lie in reach */
    uint64_t first[MINUTIAE], second[MINUTIAE];
    for (int32_t i = 0; i < MINUTIAE; i++) {
        first[i] = (civid__random(&seed) & ~(uint64_t)0 >> 8) | (uint64_t)1 << 56;
        second[i] = civid__random(&seed);
    }
    for (int32_t j = 0; j < LONG + SHORT; j++) {
        const int32_t like = (int32_t)civid__below(&seed, MINUTIAE);
        const uint32_t whose = (uint32_t)civid__below(&seed, PEOPLE + 2);
        const uint64_t code = first[like] ^ (civid__random(&seed) & civid__random(&seed));
        listed[j].code = code << 8 >> 8 | (uint64_t)(whose == PEOPLE ? 1 : 0) << 56;
        listed[j].detail = second[like] ^ (civid__random(&seed) & civid__random(&seed));
        subject[j] = (uint8_t)whose;
    }
    /* Centre 3: most in direction 1, the rest in 2. Centre 900: in direction 15, two away. */
    const uint32_t of[] = {civid__list_of(3, 1), civid__list_of(3, 2), civid__list_of(900, 15)};
    const uint32_t length[] = {LONG - 300, 300, SHORT};
    uint32_t lists = 0, from = 0;
    for (uint32_t k = 0; k < CIVID__INVERTED_LISTS; k++) {
        start[k] = from;
        if (lists == 3 || k != of[lists]) continue;
        for (uint32_t j = 0; j < length[lists]; j++) turn[from + j] = lists;
        from += length[lists++];
    }
    start[CIVID__INVERTED_LISTS] = from;
    const civid__list_t list = {LONG + SHORT, NULL, start, listed, subject};
    const civid__codes_t probe = {MINUTIAE, first, second};
    const uint16_t row[] = {2, 3, 900, 0, 3, 900, 1, 900, 3, 1, 17, 18};
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (!civid_cpu_available(isa)) continue;
        CHECK_INT(civid_cpu_force(isa), CIVID_OK);
        for (int32_t count = 0; count <= MINUTIAE + 1; count++) {
            const civid__asked_t asked = {row, count, CELLS};
            const civid__asked_t both = {row, count < MINUTIAE ? count : MINUTIAE, CELLS};
            uint32_t state[PEOPLE], sum[PEOPLE];
            civid__inverted_sums(&list, PEOPLE, &probe, &asked, 0, state);
            slow_sums(&list, &probe, &both, turn, sum);
            for (int32_t s = 0; s < PEOPLE; s++) CHECK_INT(state[s] >> 16, sum[s]);
        }
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    free(listed), free(subject), free(turn), free(start);
}

/* Every list has a number of its own, and says which direction it is of. */
static void lists_are_numbered_by_halves(void) {
    static uint8_t seen[CIVID__INVERTED_LISTS];
    for (uint32_t c = 0; c < CIVID__INVERTED; c++)
        for (uint32_t d = 0; d < CIVID__INVERTED_DIRECTIONS; d++) {
            const uint32_t list = civid__list_of(c, d);
            CHECK(list < CIVID__INVERTED_LISTS && !seen[list]);
            CHECK_INT(civid__direction_of(list), d);
            CHECK_INT(list >= CIVID__INVERTED_LISTS / 2, d >= 8);
            seen[list] = 1;
            CHECK_INT(civid__turn_to(d, list), 0);
            CHECK_INT(civid__turn_to((d + 3) % 16, list), 3);
            CHECK_INT(civid__turn_to((d + 8) % 16, list), 8);
            CHECK_INT(civid__turn_to((d + 15) % 16, list), 1);
        }
}

int main(void) {
    RUN(long_lists_are_added_up);
    RUN(lists_are_numbered_by_halves);
    return DONE();
}
