/* test_search_rules.c - fusion, the rules of match.c, the heap of search.c, and arrays that lie. */
#undef NDEBUG
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civid.h"
#include "search/fuse.h"

#undef NDEBUG
#define SUBJECTS 60
#define FINGERS 3 /* unknown, right thumb, right index */

static uint32_t state = 1;
static float uniform(float below) { /* xorshift32 */
    state ^= state << 13, state ^= state >> 17, state ^= state << 5;
    return (float)(state >> 8) / 16777216.0f * below;
}

static void make(civid_minutia_t *minutiae, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        const civid_minutia_t m = {uniform(400), uniform(400), uniform(6.28f), 1, 50, 0};
        minutiae[i] = m;
    }
}

static void test_fusion(void) {
    float out, scores[CIVID_POSITIONS] = {0};
    for (int32_t i = 0; i < 1000; i++) {
        scores[0] = uniform(200);
        assert(civid_fuse(scores, 1, &out) == CIVID_OK && out == scores[0]);
    }
    for (int32_t count = 2; count <= CIVID_POSITIONS; count++) {
        float before = -1;
        for (float s = 0; s < 300; s += 0.5f) {
            for (int32_t i = 0; i < count; i++) scores[i] = s;
            assert(civid_fuse(scores, count, &out) == CIVID_OK);
            assert(out >= before && out >= 0 && isfinite(out));
            before = out;
        }
        assert(out > 300); /* so many fingers say more than one */
    }
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) scores[i] = 3e38f;
    assert(civid_fuse(scores, CIVID_POSITIONS, &out) == CIVID_OK && isfinite(out));
    assert(civid_fuse(NULL, 1, &out) == CIVID_E_NULL && civid_fuse(scores, 1, NULL) == CIVID_E_NULL);
    assert(civid_fuse(scores, 0, &out) == CIVID_E_COUNT);
    assert(civid_fuse(scores, CIVID_POSITIONS + 1, &out) == CIVID_E_COUNT);
    scores[2] = NAN;
    assert(civid_fuse(scores, 3, &out) == CIVID_E_VALUE);
    scores[2] = INFINITY;
    assert(civid_fuse(scores, 3, &out) == CIVID_E_VALUE);
    assert(civid__best_of(7, 1) == 7 && civid__best_of(7, 10) == 0);
    assert(fabsf(civid__best_of(50, CIVID__MAX_COMPARED) - (50 - 13.2222f)) < 1e-4f);
}

typedef struct {
    civid_subjects_t subjects;
    uint64_t offsets[SUBJECTS * FINGERS + 1];
    uint8_t positions[SUBJECTS * FINGERS];
    int64_t first[SUBJECTS + 1];
    uint8_t alive[SUBJECTS];
    void *block;
} gallery_t;

/* Subject i has the fingers that the bits of i + 1 name; subject i + 30 has the same templates. */
static void fill(gallery_t *g) {
    static civid_minutia_t minutiae[SUBJECTS * FINGERS][24];
    static int64_t starts[SUBJECTS * FINGERS + 1];
    int64_t count = 0;
    for (int64_t s = 0; s < SUBJECTS; s++) {
        g->first[s] = count;
        g->alive[s] = 1;
        for (int32_t f = 0; f < FINGERS; f++) {
            if (!((s % 30 + 1) % 8 >> f & 1)) continue;
            g->positions[count] = (uint8_t)f;
            if (s < SUBJECTS / 2)
                make(minutiae[count], 24);
            else
                memcpy(minutiae[count], minutiae[count - g->first[SUBJECTS / 2]], sizeof *minutiae);
            starts[count + 1] = starts[count] + 24;
            uint64_t size;
            assert(civid_prepared_size(24, &size) == CIVID_OK);
            g->offsets[count + 1] = g->offsets[count] + size;
            count++;
        }
    }
    g->first[SUBJECTS] = count;
    const uint64_t size = g->offsets[count];
    g->block = aligned_alloc(64, size);
    assert(civid_prepare_many(minutiae[0], starts, count, g->block, size, g->offsets) == CIVID_OK);
    assert(civid_prepare_many(minutiae[0], starts, count, g->block, size - 1, g->offsets) ==
           CIVID_E_CAPACITY);
    const civid_subjects_t all = {g->block, size,  g->offsets, g->positions,
                                  g->first, g->alive, count,   SUBJECTS};
    g->subjects = all;
}

static void test_search(gallery_t *g) {
    const civid_subjects_t *all = &g->subjects;
    const uint64_t size = civid_compare_scratch_size();
    void *scratch = aligned_alloc(64, (size + 63) / 64 * 64);
    static civid_candidate_t every[SUBJECTS], best[SUBJECTS], pairs[SUBJECTS * SUBJECTS];
    civid_evidence_t evidence[CIVID_POSITIONS];
    int64_t count, few, found;
    int32_t terms;
    g->alive[5] = 0;
    for (int64_t probe = 0; probe < SUBJECTS; probe++) {
        assert(civid_search(all, probe, all, 0, SUBJECTS, NULL, 0, scratch, size, every, SUBJECTS,
                            &count) == CIVID_OK);
        for (int64_t i = 0; i < count; i++) {
            const civid_candidate_t *c = &every[i];
            assert(c->probe == probe && c->reference != 5 && c->terms > 0);
            assert(i == 0 || every[i - 1].score > c->score ||
                   (every[i - 1].score == c->score && every[i - 1].reference < c->reference));
            civid_candidate_t one, back;
            assert(civid_search_evidence(all, probe, all, c->reference, NULL, scratch, size, &one,
                                         evidence, &terms, NULL, 0) == CIVID_OK);
            assert(one.score == c->score && one.terms == c->terms && terms == c->terms);
            float scores[CIVID_POSITIONS], fused;
            for (int32_t t = 0; t < terms; t++)
                scores[t] = civid__best_of(evidence[t].score, evidence[t].compared);
            assert(civid_fuse(scores, terms, &fused) == CIVID_OK && fused == c->score);
            assert(civid_search_evidence(all, c->reference, all, probe, NULL, scratch, size, &back,
                                         evidence, &terms, NULL, 0) == CIVID_OK);
            assert(back.score == one.score);
        }
        /* Every capacity keeps the head of the same list; slices hold the same candidates. */
        for (int64_t capacity = 1; capacity <= SUBJECTS; capacity += 7) {
            assert(civid_search(all, probe, all, 0, SUBJECTS, NULL, 0, scratch, size, best, capacity,
                                &few) == CIVID_OK);
            assert(few == (count < capacity ? count : capacity));
            assert(memcmp(best, every, (size_t)few * sizeof *best) == 0);
        }
        int64_t sum = 0;
        for (int64_t begin = 0; begin < SUBJECTS; begin += 17) {
            const int64_t end = begin + 17 < SUBJECTS ? begin + 17 : SUBJECTS;
            assert(civid_search(all, probe, all, begin, end, NULL, 0, scratch, size, best, SUBJECTS,
                                &few) == CIVID_OK);
            sum += few;
        }
        assert(sum == count);
        if (count == 0) continue; /* a subject without fingers */
        assert(civid_search(all, probe, all, 0, SUBJECTS, NULL, every[count - 1].score, scratch, size,
                            best, SUBJECTS, &few) == CIVID_OK && few == count);
    }
    g->alive[5] = 1;

    assert(civid_search_pairs(all, 0, SUBJECTS, all, 0, SUBJECTS, 1, NULL, 30, scratch, size, pairs,
                              SUBJECTS * SUBJECTS, &found) == CIVID_OK);
    assert(found >= SUBJECTS / 2 - 4);
    for (int64_t i = 0; i < found; i++) assert(pairs[i].probe < pairs[i].reference);
    assert(civid_search_pairs(all, 0, SUBJECTS, all, 0, SUBJECTS, 1, NULL, 30, scratch, size, pairs,
                              SUBJECTS * SUBJECTS - 1, &found) == CIVID_E_CAPACITY);
    assert(civid_search(all, 0, all, 0, SUBJECTS, NULL, NAN, scratch, size, best, 1, &few) ==
           CIVID_E_VALUE);
    assert(civid_search(all, 0, all, 0, SUBJECTS, NULL, 0, scratch, size - 1, best, 1, &few) ==
           CIVID_E_CAPACITY);
    assert(civid_search(all, 0, all, 0, SUBJECTS, NULL, 0, scratch, size, best, 0, &few) ==
           CIVID_E_CAPACITY);
    free(scratch);
}

/* Random words in any of the arrays: an error or an answer, never a read outside (run it under
 * ASan, where the block ends exactly). */
static void test_arrays_that_lie(gallery_t *g) {
    const uint64_t size = civid_compare_scratch_size();
    void *scratch = aligned_alloc(64, (size + 63) / 64 * 64);
    static civid_candidate_t out[SUBJECTS];
    int64_t count, refused = 0;
    gallery_t *lie = malloc(sizeof *lie);
    for (int32_t round = 0; round < 500; round++) {
        memcpy(lie, g, sizeof *lie);
        lie->subjects.offsets = lie->offsets;
        lie->subjects.positions = lie->positions;
        lie->subjects.first = lie->first;
        lie->subjects.alive = lie->alive;
        static const int64_t wrong[] = {-1, 0, 1, 63, 64, 100000, INT64_MAX, INT64_MIN};
        const int64_t value = wrong[(int)uniform(8)];
        const int64_t finger = (int64_t)uniform((float)g->subjects.finger_count);
        switch ((int)uniform(4)) {
        case 0: lie->offsets[finger] = (uint64_t)value; break;
        case 1: lie->positions[finger] = (uint8_t)value; break;
        case 2: lie->first[(int)uniform(SUBJECTS)] = value; break;
        default: lie->subjects.block_size = lie->subjects.block_size / 2; break;
        }
        const int64_t probe = (int64_t)uniform(SUBJECTS);
        refused += civid_search(&lie->subjects, probe, &lie->subjects, 0, SUBJECTS, NULL, 0, scratch,
                                size, out, SUBJECTS, &count) != CIVID_OK;
    }
    assert(refused > 150);
    free(lie);
    free(scratch);
}

int main(void) {
    static gallery_t gallery;
    test_fusion();
    fill(&gallery);
    test_search(&gallery);
    test_arrays_that_lie(&gallery);
    free(gallery.block);
    puts("test_search: ok");
    return 0;
}
