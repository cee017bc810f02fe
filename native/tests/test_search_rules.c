/* test_search_rules.c - fusion, the rules of labelled.c, the heap of search.c, and arrays that lie. */
#undef NDEBUG
#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civid.h"
#include "compare/comparator.h"
#include "memory.h"
#include "search/match/assign.h"
#include "search/match/fuse.h"
#include "search/match/fusion.h"

/* With the defaults of comparison and fusion. */
#define RULES(...) {__VA_ARGS__, NULL, NULL}

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
        assert(civid_fuse(scores, 1, NULL, &out) == CIVID_OK && out == scores[0]);
    }
    for (int32_t count = 2; count <= CIVID_POSITIONS; count++) {
        float before = -1;
        for (float s = 0; s < 300; s += 0.5f) {
            for (int32_t i = 0; i < count; i++) scores[i] = s;
            assert(civid_fuse(scores, count, NULL, &out) == CIVID_OK);
            assert(out >= before && out >= 0 && isfinite(out));
            before = out;
        }
        assert(out > 300); /* so many fingers say more than one */
    }
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) scores[i] = 3e38f;
    assert(civid_fuse(scores, CIVID_POSITIONS, NULL, &out) == CIVID_OK && isfinite(out));
    assert(civid_fuse(NULL, 1, NULL, &out) == CIVID_E_NULL);
    assert(civid_fuse(scores, 1, NULL, NULL) == CIVID_E_NULL);
    assert(civid_fuse(scores, 0, NULL, &out) == CIVID_E_COUNT);
    assert(civid_fuse(scores, CIVID_POSITIONS + 1, NULL, &out) == CIVID_E_COUNT);
    scores[2] = NAN;
    assert(civid_fuse(scores, 3, NULL, &out) == CIVID_E_VALUE);
    scores[2] = INFINITY;
    assert(civid_fuse(scores, 3, NULL, &out) == CIVID_E_VALUE);
    assert(civid__best_of(7, 1) == 7 && civid__best_of(7, 10) == 0);
    assert(fabsf(civid__best_of(50, CIVID__MAX_COMPARED) - (50 - 13.2222f)) < 1e-4f);
}

/* Against every assignment there is. */
static int64_t best_by_trying(int64_t worth[CIVID_POSITIONS][CIVID_POSITIONS], int32_t row,
                              int32_t rows, int32_t columns, uint32_t taken) {
    if (row == rows) return 0;
    int64_t best = INT64_MIN;
    for (int32_t j = 0; j < columns; j++) {
        if (taken >> j & 1) continue;
        const int64_t sum =
            worth[row][j] + best_by_trying(worth, row + 1, rows, columns, taken | 1u << j);
        if (sum > best) best = sum;
    }
    return best;
}

static void test_assignment(void) {
    static int64_t worth[CIVID_POSITIONS][CIVID_POSITIONS];
    for (int32_t round = 0; round < 3000; round++) {
        const int32_t columns = 1 + (int32_t)uniform(6);
        const int32_t rows = 1 + (int32_t)uniform((float)columns);
        const float range = round % 3 == 0 ? 3.0f : 1e6f; /* many ties, and hardly any */
        for (int32_t i = 0; i < rows; i++)
            for (int32_t j = 0; j < columns; j++)
                worth[i][j] = (int64_t)uniform(range) << (round % 5 == 0 ? 37 : 0);
        int32_t column_of[CIVID_POSITIONS];
        civid__assign(worth, rows, columns, column_of);
        int64_t sum = 0;
        uint32_t taken = 0;
        for (int32_t i = 0; i < rows; i++) {
            assert(column_of[i] >= 0 && column_of[i] < columns);
            assert(!(taken >> column_of[i] & 1));
            taken |= 1u << column_of[i];
            sum += worth[i][column_of[i]];
        }
        assert(sum == best_by_trying(worth, 0, rows, columns, 0));
    }
    /* The largest there can be: a score of a million everywhere. */
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        for (int32_t j = 0; j < CIVID_POSITIONS; j++)
            worth[i][j] = civid__fixed(3e38f) * 16 + (i == j);
    int32_t column_of[CIVID_POSITIONS];
    civid__assign(worth, CIVID_POSITIONS, CIVID_POSITIONS, column_of);
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) assert(column_of[i] == i);
    assert(civid__decibels(1) == 0 && fabs(civid__decibels(39916800) - 76.0116) < 1e-3);
}

/* The scores of every pair under rules, from both sides; with what they are made of. */
static void test_rules(civid_subjects_t *all) {
    uint64_t size;
    assert(civid_compare_scratch_size(&size) == CIVID_OK);
    void *scratch = aligned_alloc(64, (size + 63) / 64 * 64);
    static civid_pair_t pairs[CIVID_MAX_PAIRS];
    civid_evidence_t evidence[CIVID_POSITIONS];
    civid_candidate_t one, back, plain;
    int32_t terms, of_plain, swapped = 0, ended = 0;
    const civid_rules_t mixed = RULES(CIVID_MATCH_SWAPPED, 0, 0);
    const civid_rules_t two = RULES(CIVID_MATCH_DECIDE, 40, 5);
    for (int64_t a = 0; a < all->subject_count; a++)
        for (int64_t b = 0; b < all->subject_count; b++) {
            assert(civid_search_evidence(all, a, all, b, NULL, scratch, size, &plain, evidence,
                                         &of_plain, NULL, 0) == CIVID_OK);
            assert(civid_search_evidence(all, a, all, b, &mixed, scratch, size, &one, evidence,
                                         &terms, pairs, CIVID_MAX_PAIRS) == CIVID_OK);
            assert(terms == one.terms && (terms == 0 || one.score >= plain.score - 1.001f));
            float scores[CIVID_POSITIONS], fused = 0;
            uint32_t used = 0, taken = 0;
            const civid_pair_t *pair = pairs;
            for (int32_t t = 0; t < terms; t++) {
                scores[t] = civid__best_of(evidence[t].score, evidence[t].compared);
                swapped += evidence[t].probe_position != evidence[t].reference_position;
                assert(!(used >> evidence[t].probe_position & 1));
                assert(!(taken >> evidence[t].reference_position & 1));
                used |= 1u << evidence[t].probe_position;
                taken |= 1u << evidence[t].reference_position;
                for (int32_t k = 0; k < evidence[t].pairs; k++, pair++)
                    assert(pair->probe < 24 && pair->reference < 24);
            }
            if (terms > 0) {
                assert(civid_fuse(scores, terms, NULL, &fused) == CIVID_OK);
                assert(one.score == 0 || one.score <= fused - 0.999f);
            }
            assert(civid_search_evidence(all, b, all, a, &mixed, scratch, size, &back, evidence,
                                         &terms, NULL, 0) == CIVID_OK);
            assert(back.score == one.score && back.terms == one.terms);

            assert(civid_search_evidence(all, a, all, b, &two, scratch, size, &one, evidence,
                                         &terms, NULL, 0) == CIVID_OK);
            assert(terms == of_plain || terms == 2);
            if (terms != of_plain) {
                ended++;
                assert(one.score >= 40 || one.score <= 5);
            }
            assert(civid_search_evidence(all, b, all, a, &two, scratch, size, &back, evidence,
                                         &terms, NULL, 0) == CIVID_OK);
            assert(back.score == one.score && back.terms == one.terms);
        }
    assert(swapped > 0 && ended > 0);

    civid_comparator_t comparator = civid__comparator_standard;
    civid_fusion_t fusion = civid__fusion_standard;
    comparator.pairing_rounds = 0, fusion.dependence = NAN;
    const civid_rules_t bad[] = {
        RULES(4, 1, 0), RULES(3, 1, 0),   RULES(-1, 1, 0),
        RULES(2, 1, 1), RULES(2, NAN, 0), RULES(2, 1, NAN),
        {0, 0, 0, &comparator, NULL},    {0, 0, 0, NULL, &fusion},
    };
    int64_t count;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert(civid_search(all, 0, all, 0, 1, &bad[i], 0, scratch, size, &one, 1, &count) ==
               CIVID_E_VALUE);
        assert(civid_search_pairs(all, 0, 1, all, 0, 1, 0, &bad[i], 0, scratch, size, &one, 1,
                                  &count) == CIVID_E_VALUE);
        assert(civid_search_evidence(all, 0, all, 0, &bad[i], scratch, size, &one, evidence,
                                     &terms, NULL, 0) == CIVID_E_VALUE);
    }
    const civid_rules_t never = RULES(CIVID_MATCH_DECIDE, INFINITY, -1);
    assert(civid_search(all, 0, all, 0, 1, &never, 0, scratch, size, &one, 1, &count) == CIVID_OK);
    assert(civid_search_evidence(all, 0, all, 0, NULL, scratch, size, &one, evidence, &terms, pairs,
                                 CIVID_MAX_PAIRS - 1) == CIVID_E_CAPACITY);
    free(scratch);
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
    static uint8_t extractors[SUBJECTS * FINGERS];
    for (int64_t f = 0; f < count; f++) extractors[f] = (uint8_t)(f % 5 / 3); /* two of five */
    assert(civid_prepare_many(minutiae[0], starts, extractors, count, g->block, size,
                              g->offsets) == CIVID_OK);
    assert(civid_prepare_many(minutiae[0], starts, extractors, count, g->block, size - 1,
                              g->offsets) == CIVID_E_CAPACITY);
    const civid_subjects_t all = {g->block, size,  g->offsets, g->positions,
                                  g->first, g->alive, count,   SUBJECTS};
    g->subjects = all;
}

static int64_t finger_at(const gallery_t *g, int64_t subject, int32_t position) {
    for (int64_t f = g->first[subject]; f < g->first[subject + 1]; f++)
        if (g->positions[f] == position) return f;
    assert(0);
    return -1;
}

static void test_search(gallery_t *g) {
    const civid_subjects_t *all = &g->subjects;
    uint64_t size;
    assert(civid_compare_scratch_size(&size) == CIVID_OK);
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
            assert(civid_fuse(scores, terms, NULL, &fused) == CIVID_OK && fused == c->score);
            assert(civid_search_evidence(all, c->reference, all, probe, NULL, scratch, size, &back,
                                         evidence, &terms, NULL, 0) == CIVID_OK);
            assert(back.score == one.score);
        }
        /* Every capacity keeps the head of the same list; slices hold the same candidates. */
        for (int64_t capacity = 1; capacity <= SUBJECTS; capacity += 7) {
            assert(civid_search(all, probe, all, 0, SUBJECTS, NULL, 0, scratch, size, best,
                                capacity, &few) == CIVID_OK);
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
        assert(civid_search(all, probe, all, 0, SUBJECTS, NULL, every[count - 1].score, scratch,
                            size, best, SUBJECTS, &few) == CIVID_OK && few == count);
    }
    g->alive[5] = 1;

    assert(civid_search_pairs(all, 0, SUBJECTS, all, 0, SUBJECTS, 1, NULL, 30, scratch, size, pairs,
                              SUBJECTS * SUBJECTS, &found) == CIVID_OK);
    assert(found >= SUBJECTS / 2 - 4);
    for (int64_t i = 0; i < found; i++) assert(pairs[i].probe < pairs[i].reference);
    assert(civid_search_pairs(all, 0, SUBJECTS, all, 0, SUBJECTS, 1, NULL, 30, scratch, size, pairs,
                              SUBJECTS * SUBJECTS - 1, &found) == CIVID_E_CAPACITY);
    /* A term's score is what the two templates alone have: their headers say on which scale. */
    for (int64_t probe = 0; probe < SUBJECTS; probe++)
        for (int64_t other = probe; other < SUBJECTS; other++) {
            civid_candidate_t one;
            assert(civid_search_evidence(all, probe, all, other, NULL, scratch, size, &one, evidence,
                                         &terms, NULL, 0) == CIVID_OK);
            for (int32_t t = 0; t < terms; t++) {
                const int64_t a = finger_at(g, probe, evidence[t].probe_position);
                const int64_t b = finger_at(g, other, evidence[t].reference_position);
                const uint8_t *block = g->block;
                civid_comparison_t alone;
                assert(civid_compare(block + g->offsets[a], g->offsets[a + 1] - g->offsets[a],
                                     block + g->offsets[b], g->offsets[b + 1] - g->offsets[b], NULL,
                                     scratch, size, &alone, NULL, 0) == CIVID_OK);
                assert(alone.score == evidence[t].score && alone.pairs == evidence[t].pairs);
            }
        }
    uint8_t *number = (uint8_t *)g->block + 12; /* of the first finger's extractor */
    const uint8_t kept = *number;
    *number = CIVID_EXTRACTOR_COUNT;
    assert(civid_search(all, 0, all, 0, SUBJECTS, NULL, 0, scratch, size, best, 1, &few) ==
           CIVID_E_CALIBRATION);
    *number = kept;
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
    uint64_t size;
    assert(civid_compare_scratch_size(&size) == CIVID_OK);
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
        const civid_rules_t rules[] = {RULES(0, 0, 0), RULES(CIVID_MATCH_SWAPPED, 0, 0),
                                       RULES(CIVID_MATCH_DECIDE, 40, 5)};
        refused += civid_search(&lie->subjects, probe, &lie->subjects, 0, SUBJECTS,
                                &rules[round % 3], 0, scratch, size, out, SUBJECTS,
                                &count) != CIVID_OK;
    }
    assert(refused > 150);
    free(lie);
    free(scratch);
}

int main(void) {
    static gallery_t gallery;
    test_fusion();
    fill(&gallery);
    test_assignment();
    test_search(&gallery);
    test_rules(&gallery.subjects);
    test_arrays_that_lie(&gallery);
    free(gallery.block);
    puts("test_search: ok");
    return 0;
}
