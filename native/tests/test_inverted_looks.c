/* Several questions about one probe at once: each has the answer that it has by itself. */
#include <math.h>

#include "search/inverted/inverted_stages.h"

#include "built_part.h"

enum { PEOPLE = 70, FINGERS = 3 * PEOPLE, CELLS = 16, ROOM = 4 * 40 * (1 + CELLS), KEEP = 9 };

static uint8_t *lists;
static uint64_t lists_size;

/* People of up to three fingers: of unknown position, 2 and 7; few minutiae and many, some alike. */
static civid__built_t gallery(void) {
    static const uint8_t position[] = {0, 2, 7};
    uint64_t seeds[FINGERS];
    int32_t counts[FINGERS], fingers = 0;
    uint8_t positions[FINGERS];
    int64_t first[PEOPLE + 1] = {0};
    for (int32_t s = 0; s < PEOPLE; s++) {
        for (int32_t k = 0; k < 3; k++) {
            if ((s + k) % 5 == 0 || (k == 0 && s % 3)) continue;
            seeds[fingers] = 8u * (uint64_t)(s / 2 * 3 + (s % 4 == 3 ? 2 - k : k));
            counts[fingers] = 1 + (s * 7 + k * 31) % 70;
            positions[fingers++] = position[k];
        }
        first[s + 1] = fingers;
    }
    return civid__build(seeds, counts, positions, fingers, first, PEOPLE);
}

static void build(const civid__built_t *b) {
    CHECK_INT(civid_inverted_size(&b->part, 0, PEOPLE, &lists_size), CIVID_OK);
    const uint64_t items = b->offsets[b->part.finger_count] / 8 - (uint64_t)b->part.finger_count;
    uint16_t *scratch = civid__exactly(items * sizeof *scratch);
    lists = civid__memory(lists_size);
    CHECK_INT(civid_inverted_build(&b->part, 0, PEOPLE, lists, lists_size, scratch, items), CIVID_OK);
    free(scratch);
}

static uint64_t ask(const civid_part_t *part, int64_t slot, int32_t fingers, uint16_t *asked) {
    uint64_t items = 0;
    CHECK_INT(civid_inverted_asked(part, slot, fingers, CELLS, asked, ROOM, &items), CIVID_OK);
    return items;
}

/* A probe of some of a subject's fingers alone, as a part of its own. */
static civid__built_t some_of(const civid__built_t *b, int64_t slot, uint32_t wanted) {
    int64_t fingers = 0, first[2] = {0};
    uint64_t seeds[3];
    int32_t counts[3];
    uint8_t positions[3];
    int64_t from[3];
    for (int64_t f = b->first[slot]; f < b->first[slot + 1]; f++) {
        if (!(wanted >> b->positions[f] & 1)) continue;
        seeds[fingers] = 0, from[fingers] = f, positions[fingers] = b->positions[f];
        counts[fingers++] = (int32_t)((b->offsets[f + 1] - b->offsets[f]) / 8) - 1;
    }
    first[1] = fingers;
    civid__built_t made = civid__build(seeds, counts, positions, fingers, first, 1);
    for (int64_t k = 0; k < fingers; k++) {
        const int64_t f = from[k];
        const size_t to = made.offsets[k] / 8 - (size_t)k, at = b->offsets[f] / 8 - (size_t)f;
        memcpy(made.block + made.offsets[k], b->block + b->offsets[f], 8 + 8 * (size_t)counts[k]);
        memcpy(made.codes + to, b->codes + at, 8 * (size_t)counts[k]);
        memcpy(made.details + to, b->details + at, 8 * (size_t)counts[k]);
    }
    return made;
}

static int64_t by_itself(const civid__built_t *b, int64_t slot, const civid_look_t *look,
                         int32_t fingers, civid_candidate_t *out) {
    static const int64_t none = 0;
    civid__built_t probe = some_of(b, slot, look->positions);
    uint16_t *asked = civid__exactly(ROOM * sizeof *asked);
    const uint64_t items = ask(&probe.part, 0, fingers, asked);
    uint64_t size;
    int64_t found = 0;
    CHECK_INT(civid_inverted_scratch_size(PEOPLE, 1, &size), CIVID_OK);
    void *scratch = civid__memory(size);
    CHECK_INT(civid_inverted_prefilter(&probe.part, &none, 1, asked, items, CELLS, &b->part, 0,
                                       lists, lists_size, NULL, fingers, look->flags, scratch, size,
                                       look->keep, out, &found),
              CIVID_OK);
    free(scratch), free(asked);
    civid__drop(&probe);
    return found;
}

static const civid_look_t looks[] = {
    {1 << 0 | 1 << 2 | 1 << 7, 0, KEEP},
    {1 << 0 | 1 << 2 | 1 << 7, CIVID_PREFILTER_ANY_FINGER, 5},
    {1 << 2, 0, 7},
    {1 << 7, 0, 7},
    {1 << 2 | 1 << 7, 0, 3},
    {1 << 0, CIVID_PREFILTER_ANY_FINGER, 1},
    {0, 0, 4},
};
enum { LOOKS = sizeof looks / sizeof *looks };

static civid_status together(const civid__built_t *b, int64_t slot, int64_t count, int32_t fingers,
                             int64_t less, civid_candidate_t *out, int64_t *counts) {
    uint16_t *asked = civid__exactly(ROOM * sizeof *asked);
    const uint64_t items = ask(&b->part, slot, 1, asked);
    uint64_t size;
    int64_t room = -less;
    for (int64_t q = 0; q < count; q++) room += looks[q % LOOKS].keep;
    CHECK_INT(civid_inverted_scratch_size(PEOPLE, count, &size), CIVID_OK);
    void *scratch = civid__memory(size);
    const civid_status status = civid_inverted_looks(
        &b->part, slot, asked, items, CELLS, &b->part, 0, lists, lists_size, looks, count, fingers,
        scratch, size, out, room, counts);
    free(scratch), free(asked);
    return status;
}

static void each_is_answered_as_by_itself(void) {
    civid__built_t b = gallery();
    b.alive[5] = b.alive[40] = 0;
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (!civid_cpu_available(isa)) continue;
        CHECK_INT(civid_cpu_force(isa), CIVID_OK);
        build(&b);
        for (int64_t slot = 0; slot < PEOPLE; slot += 3)
            for (int32_t fingers = 1; fingers <= 3; fingers++) {
                civid_candidate_t have[LOOKS * KEEP], want[KEEP];
                int64_t counts[LOOKS], start = 0;
                CHECK_INT(together(&b, slot, LOOKS, fingers, 0, have, counts), CIVID_OK);
                for (int32_t q = 0; q < LOOKS; start += looks[q++].keep) {
                    CHECK_INT(counts[q], by_itself(&b, slot, &looks[q], fingers, want));
                    for (int64_t k = 0; k < counts[q]; k++) {
                        CHECK_INT(have[start + k].reference, want[k].reference);
                        CHECK(have[start + k].score == want[k].score);
                    }
                }
            }
        free(lists);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    civid__drop(&b);
}

/* What all minutiae of a finger agree on with the one of a subject that it fits best, of those that
 * it may be. */
static float slow_fine(const civid__finger_t *probe, int32_t position, const civid__built_t *b,
                       int64_t subject) {
    float best = CIVID__NOTHING;
    for (int64_t f = b->first[subject]; f < b->first[subject + 1]; f++) {
        civid__finger_t theirs;
        if (b->positions[f] != position && b->positions[f] != 0) continue;
        CHECK_INT(civid__part_finger(&b->part, f, &theirs), CIVID_OK);
        const float one = civid__fine(probe, &theirs);
        if (one > best) best = one;
    }
    return best;
}

/* A probe of two fingers, the one with more minutiae first. */
static civid__query_t query_of(const civid__built_t *b, int64_t slot, const uint16_t *asked) {
    civid__query_t query = {0};
    for (int64_t f = b->first[slot]; f < b->first[slot + 1]; f++) {
        civid__finger_t one;
        CHECK_INT(civid__part_finger(&b->part, f, &one), CIVID_OK);
        const int32_t most = CIVID__INVERTED_SEVERAL, count = one.codes.count;
        query.finger[query.count] = one;
        query.position[query.count] = b->positions[f];
        query.asked[query.count++] = (civid__asked_t){asked, count < most ? count : most, CELLS};
        asked += (count < most ? count : most) * (1 + CELLS);
    }
    if (query.count == 2 && query.finger[1].codes.count > query.finger[0].codes.count) {
        const civid__query_t other = query;
        for (int32_t k = 0; k < 2; k++) {
            query.finger[k] = other.finger[1 - k];
            query.position[k] = other.position[1 - k];
            query.asked[k] = other.asked[1 - k];
        }
    }
    return query;
}

/* Whom the coarse stage lets through is asked with all minutiae of both fingers, those too that no
 * list led to: an answer's value is a quarter of the coarse one's, and the fine one's. */
static void all_minutiae_are_asked_again(void) {
    enum { SLOT = 5, EVERYBODY = PEOPLE };
    civid__built_t b = gallery();
    build(&b);
    civid__inverted_t open;
    CHECK_INT(civid__inverted_open(lists, lists_size, &open), CIVID_OK);
    uint16_t *asked = civid__exactly(ROOM * sizeof *asked);
    const uint64_t items = ask(&b.part, SLOT, 2, asked);
    const civid__query_t query = query_of(&b, SLOT, asked);
    CHECK_INT(query.count, 2);
    uint32_t state[PEOPLE];
    float values[PEOPLE], best[PEOPLE];
    uint8_t terms[PEOPLE];
    const civid__shared_t shared = {state};
    const civid__among_t among = {&open, &b.part, 0, 0, 2};
    civid__look_t look = {.positions = UINT32_MAX, .most = CIVID__INVERTED_SEVERAL,
                          .values = values, .best = best, .terms = terms};
    civid__coarse_stage(&query, &among, &look, 1, &shared);
    static const int64_t slot = SLOT;
    civid_candidate_t found[EVERYBODY];
    int64_t count, compared = 0;
    uint64_t size;
    CHECK_INT(civid_inverted_scratch_size(PEOPLE, 1, &size), CIVID_OK);
    void *scratch = civid__memory(size);
    CHECK_INT(civid_inverted_prefilter(&b.part, &slot, 1, asked, items, CELLS, &b.part, 0, lists,
                                       lists_size, NULL, 2, 0, scratch, size, EVERYBODY, found,
                                       &count),
              CIVID_OK);
    for (int64_t k = 0; k < count; k++) {
        float sum = 0.0f;
        int32_t fingers = 0;
        for (int32_t i = 0; i < 2; i++) {
            const float one =
                slow_fine(&query.finger[i], query.position[i], &b, found[k].reference);
            if (one > CIVID__NOTHING) sum += one, fingers++;
        }
        const float fine = civid__stouffer(sum, fingers);
        CHECK(found[k].score == 0.25f * values[found[k].reference] + fine);
        compared += fingers == 2;
    }
    CHECK(compared > PEOPLE / 4 && count > compared); /* of two fingers, and of one */
    free(scratch), free(asked), free(lists);
    civid__drop(&b);
}

static void nonsense_is_refused(void) {
    civid__built_t b = gallery();
    build(&b);
    civid_candidate_t out[LOOKS * KEEP];
    int64_t counts[LOOKS] = {9};
    CHECK_INT(together(&b, 3, LOOKS, 2, 1, out, counts), CIVID_E_CAPACITY);
    CHECK_INT(counts[0], 0);
    CHECK_INT(together(&b, 3, LOOKS, 0, 0, out, counts), CIVID_E_VALUE);
    CHECK_INT(together(&b, 3, 0, 2, 0, out, counts), CIVID_E_COUNT);
    uint64_t size;
    CHECK_INT(civid_inverted_scratch_size(1, -1, &size), CIVID_E_COUNT);
    CHECK_INT(civid_inverted_scratch_size(1, CIVID_INVERTED_MAX_LOOKS + 1, &size), CIVID_E_COUNT);
    free(lists);
    civid__drop(&b);
}

int main(void) {
    RUN(each_is_answered_as_by_itself);
    RUN(all_minutiae_are_asked_again);
    RUN(nonsense_is_refused);
    return DONE();
}
