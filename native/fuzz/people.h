/* people.h - subjects with prepared templates, put together from the pool, and then made to lie. */
#ifndef CIVID_FUZZ_PEOPLE_H
#define CIVID_FUZZ_PEOPLE_H

#include "pool.h"

enum { PEOPLE = 3, PEOPLE_FINGERS = 6 };

typedef struct {
    arena_t block;
    uint64_t offsets[PEOPLE_FINGERS + 1];
    uint8_t positions[PEOPLE_FINGERS], alive[PEOPLE];
    int64_t first[PEOPLE + 1];
    civid_subjects_t subjects;
} people_t;

static inline const void *prepared_of_pool(int32_t which, uint64_t *size) {
    static void *prepared[POOL];
    REQUIRE(civid_prepared_size(pool_count[which], size) == CIVID_OK);
    if (prepared[which] == NULL) {
        civid_minutia_t minutiae[POOL_MOST];
        pool_minutiae(which, minutiae);
        prepared[which] = aligned_alloc(64, (size_t)*size);
        REQUIRE(civid_prepare(minutiae, pool_count[which], pool_extractor(which),
                              prepared[which], *size) == CIVID_OK);
    }
    return prepared[which];
}

static inline void gather_people(input_t *in, people_t *p) {
    int32_t which[PEOPLE_FINGERS], fingers = 0;
    uint64_t size;
    p->first[0] = 0, p->offsets[0] = 0;
    for (int32_t s = 0; s < PEOPLE; s++) {
        const uint32_t pattern = take(in, 2);
        for (int32_t at = 0; at < CIVID_POSITIONS && fingers - p->first[s] < 3; at++)
            if (pattern >> at & 1 && fingers < PEOPLE_FINGERS) {
                which[fingers] = (int32_t)(take(in, 1) % POOL);
                (void)prepared_of_pool(which[fingers], &size);
                p->positions[fingers++] = (uint8_t)at;
                p->offsets[fingers] = p->offsets[fingers - 1] + size;
            }
        p->first[s + 1] = fingers;
        p->alive[s] = pattern >> 12 != 0;
    }
    uint8_t *block = lend(&p->block, p->offsets[fingers]);
    for (int32_t f = 0; f < fingers; f++) {
        const void *one = prepared_of_pool(which[f], &size);
        memcpy(block + p->offsets[f], one, (size_t)size);
    }
    p->subjects = (civid_subjects_t){block,    p->offsets[fingers], p->offsets, p->positions,
                                     p->first, p->alive,            fingers,    PEOPLE};
}

/* Counts and sizes only ever get smaller than the memory is. */
static inline void damage_people(input_t *in, people_t *p) {
    civid_subjects_t *s = &p->subjects;
    for (uint32_t n = take(in, 1) % 4; n > 0; n--) {
        switch (take(in, 1) % 8) {
        case 0: p->first[take(in, 1) % (PEOPLE + 1)] = (int64_t)absurd(in); break;
        case 1: p->offsets[take(in, 1) % (PEOPLE_FINGERS + 1)] = absurd(in); break;
        case 2: p->offsets[take(in, 1) % (PEOPLE_FINGERS + 1)] += 64 * (uint64_t)take(in, 1); break;
        case 3: p->positions[take(in, 1) % PEOPLE_FINGERS] = (uint8_t)take(in, 1); break;
        case 4:
            if (s->block_size)
                p->block.memory[take(in, 2) % s->block_size] = (uint8_t)take(in, 1);
            break;
        case 5: s->block_size -= take(in, 1) % (s->block_size + 1); break;
        case 6: s->finger_count -= take(in, 1) % 3; break;
        default: s->subject_count -= take(in, 1) % 3; break;
        }
    }
}

#endif
