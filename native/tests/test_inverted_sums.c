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
                      const civid__asked_t *asked, uint32_t sum[PEOPLE]) {
    memset(sum, 0, PEOPLE * sizeof *sum);
    for (int32_t k = 0; k < asked->count; k++) {
        uint32_t nearest[PEOPLE];
        for (int32_t s = 0; s < PEOPLE; s++) nearest[s] = CIVID__INVERTED_NEAR;
        for (int32_t j = 0; j < list->minutiae; j++) {
            const int32_t i = asked->row[k * (1 + asked->cells)];
            const uint32_t bits = differing(probe->first[i], list->codes[j]) +
                                  differing(probe->second[i], list->details[j]);
            if (list->subject[j] < PEOPLE && bits < nearest[list->subject[j]])
                nearest[list->subject[j]] = bits;
        }
        for (int32_t s = 0; s < PEOPLE; s++) sum[s] += CIVID__INVERTED_NEAR - nearest[s];
    }
}

/* Lists longer than what is found at once, short ones, and subjects that there are not. */
static void long_lists_are_added_up(void) {
    uint64_t seed = 11;
    uint64_t *codes = civid__exactly((LONG + SHORT) * sizeof *codes);
    uint64_t *details = civid__exactly((LONG + SHORT) * sizeof *details);
    uint16_t *subject = civid__exactly((LONG + SHORT) * sizeof *subject);
    uint32_t *start = civid__exactly(CIVID__INVERTED_STARTS * sizeof *start);
    enum { MINUTIAE = 3, CELLS = 2, DIRECTION = 1 }; /* so that the turn's end lies in reach */
    uint64_t first[MINUTIAE], second[MINUTIAE];
    for (int32_t i = 0; i < MINUTIAE; i++) {
        first[i] = (civid__random(&seed) & ~(uint64_t)0 >> 8) | (uint64_t)1 << 56;
        second[i] = civid__random(&seed);
    }
    for (int32_t j = 0; j < LONG + SHORT; j++) {
        const int32_t like = (int32_t)civid__below(&seed, MINUTIAE);
        codes[j] = first[like] ^ (civid__random(&seed) & civid__random(&seed));
        details[j] = second[like] ^ (civid__random(&seed) & civid__random(&seed));
        subject[j] = (uint16_t)civid__below(&seed, PEOPLE + 2);
    }
    for (int32_t k = 0; k < CIVID__INVERTED_STARTS; k++) {
        const int32_t far = 3 * CIVID__INVERTED_DIRECTIONS, last = 900 * CIVID__INVERTED_DIRECTIONS;
        start[k] = k <= far + DIRECTION - 2 + 16 ? 0 : k <= last ? LONG : LONG + SHORT;
    }
    const civid__list_t list = {LONG + SHORT, NULL, start, codes, details, subject, NULL};
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
            slow_sums(&list, &probe, &both, sum);
            for (int32_t s = 0; s < PEOPLE; s++) CHECK_INT(state[s] >> 16, sum[s]);
        }
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    free(codes), free(details), free(subject), free(start);
}

int main(void) {
    RUN(long_lists_are_added_up);
    return DONE();
}
