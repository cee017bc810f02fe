/* Search over flat arrays that may lie: nothing outside them is read, and nothing wrong is found. */
#include <math.h>
#include <string.h>

#include "test.h"

enum { SUBJECTS = 6, FINGERS = 10, MINUTIAE = 24 };

/* A little gallery: subjects 0..3 have positions 2 and 7, 4 has an unknown finger, 5 has none and
 * 1 has the prints of 0. */
typedef struct {
    uint8_t *block;
    uint64_t offsets[FINGERS + 1];
    uint8_t positions[FINGERS];
    int64_t first[SUBJECTS + 1];
    uint8_t alive[SUBJECTS];
    civid_subjects_t subjects;
    void *scratch;
    uint64_t scratch_size;
} gallery_t;

static void print_of(uint64_t seed, civid_minutia_t *minutiae) {
    uint64_t state = seed;
    memset(minutiae, 0, MINUTIAE * sizeof *minutiae);
    for (int32_t i = 0; i < MINUTIAE; i++) {
        minutiae[i].x = (float)civid__below(&state, 300);
        minutiae[i].y = (float)civid__below(&state, 400);
        minutiae[i].angle = (float)civid__below(&state, 256) * (6.2831853f / 256);
        minutiae[i].kind = 1;
    }
}

static gallery_t *make(void) {
    static const uint8_t positions[FINGERS] = {2, 7, 2, 7, 2, 7, 2, 7, 0, 0};
    static const int64_t first[SUBJECTS + 1] = {0, 2, 4, 6, 8, 9, 9};
    static const uint64_t seeds[FINGERS] = {1, 2, 1, 2, 3, 4, 5, 6, 7, 8};
    gallery_t *g = malloc(sizeof *g);
    if (!g) abort();
    civid_minutia_t minutiae[FINGERS * MINUTIAE];
    int64_t of[FINGERS + 1];
    uint64_t size;
    CHECK_INT(civid_prepared_size(MINUTIAE, &size), CIVID_OK);
    for (int32_t i = 0; i <= FINGERS; i++) {
        of[i] = i * MINUTIAE;
        g->offsets[i] = (uint64_t)i * size;
        if (i < FINGERS) print_of(seeds[i], minutiae + i * MINUTIAE);
    }
    g->block = civid__memory(g->offsets[FINGERS]);
    CHECK_INT(civid_prepare_many(minutiae, of, NULL, FINGERS, g->block, g->offsets[FINGERS], g->offsets),
              CIVID_OK);
    memcpy(g->positions, positions, sizeof positions);
    memcpy(g->first, first, sizeof first);
    memset(g->alive, 1, sizeof g->alive);
    g->subjects = (civid_subjects_t){g->block, g->offsets[FINGERS], g->offsets, g->positions,
                                     g->first, g->alive, FINGERS, SUBJECTS};
    CHECK_INT(civid_compare_scratch_size(&g->scratch_size), CIVID_OK);
    g->scratch = civid__memory(g->scratch_size);
    return g;
}

static void drop(gallery_t *g) {
    free(g->scratch);
    free(g->block);
    free(g);
}

static civid_status search(gallery_t *g, int64_t probe, int64_t begin, int64_t end,
                           civid_candidate_t *found, int64_t capacity, int64_t *count) {
    return civid_search(&g->subjects, probe, &g->subjects, begin, end, NULL, 0, g->scratch,
                        g->scratch_size, found, capacity, count);
}

static void the_same_person_comes_first(void) {
    gallery_t *g = make();
    civid_candidate_t all[SUBJECTS], best[2];
    int64_t count = -1, few = -1;
    CHECK_INT(search(g, 0, 1, SUBJECTS, all, SUBJECTS, &count), CIVID_OK);
    CHECK_INT(count, 4); /* subject 5 has no finger */
    CHECK_INT(all[0].reference, 1);
    CHECK(all[0].score > all[1].score + 20);
    CHECK_INT(all[0].terms, 2);
    for (int64_t k = 1; k < count; k++)
        CHECK(all[k - 1].score > all[k].score ||
              (all[k - 1].score == all[k].score && all[k - 1].reference < all[k].reference));
    CHECK_INT(search(g, 0, 1, SUBJECTS, best, 2, &few), CIVID_OK);
    CHECK_INT(few, 2);
    CHECK(memcmp(best, all, sizeof best) == 0);
    g->alive[1] = 0;
    CHECK_INT(search(g, 0, 1, SUBJECTS, all, SUBJECTS, &count), CIVID_OK);
    CHECK_INT(count, 3);
    for (int64_t k = 0; k < count; k++) CHECK(all[k].reference != 1);
    drop(g);
}

static void pairs_agree_with_search_and_evidence(void) {
    gallery_t *g = make();
    civid_candidate_t pairs[SUBJECTS * SUBJECTS], one[SUBJECTS], c;
    civid_evidence_t evidence[CIVID_POSITIONS];
    int64_t count, found;
    int32_t terms;
    CHECK_INT(civid_search_pairs(&g->subjects, 0, SUBJECTS, &g->subjects, 0, SUBJECTS, 1, NULL, 0,
                                 g->scratch, g->scratch_size, pairs, SUBJECTS * SUBJECTS, &count),
              CIVID_OK);
    CHECK_INT(count, 10); /* 5 subjects with fingers, each unordered pair once */
    for (int64_t k = 0; k < count; k++) {
        CHECK(pairs[k].probe < pairs[k].reference);
        CHECK_INT(search(g, pairs[k].probe, pairs[k].reference, pairs[k].reference + 1, one,
                         SUBJECTS, &found),
                  CIVID_OK);
        CHECK_INT(found, 1);
        CHECK(memcmp(&one[0], &pairs[k], sizeof one[0]) == 0);
        CHECK_INT(civid_search_evidence(&g->subjects, pairs[k].probe, &g->subjects,
                                        pairs[k].reference, NULL, g->scratch, g->scratch_size, &c,
                                        evidence, &terms, NULL, 0),
                  CIVID_OK);
        CHECK(c.score == pairs[k].score && terms == pairs[k].terms);
        /* And from the other side. */
        CHECK_INT(search(g, pairs[k].reference, pairs[k].probe, pairs[k].probe + 1, one, SUBJECTS,
                         &found),
                  CIVID_OK);
        CHECK(one[0].score == pairs[k].score);
    }
    CHECK_INT(civid_search_pairs(&g->subjects, 0, SUBJECTS, &g->subjects, 0, SUBJECTS, 1, NULL, 0,
                                 g->scratch, g->scratch_size, pairs, SUBJECTS, &count),
              CIVID_E_CAPACITY);
    drop(g);
}

static void arrays_that_lie(void) {
    civid_candidate_t found[SUBJECTS];
    int64_t count;
#define LIE(change, wanted)                                                   \
    do {                                                                      \
        gallery_t *g = make();                                                \
        change;                                                               \
        CHECK_INT(search(g, 0, 0, SUBJECTS, found, SUBJECTS, &count), wanted); \
        CHECK_INT(count, 0);                                                  \
        drop(g);                                                              \
    } while (0)
    LIE(g->first[3] = 5, CIVID_E_VALUE); /* positions 7, 2, 7 */
    LIE(g->first[2] = -1, CIVID_E_COUNT);
    LIE(g->first[5] = FINGERS + 1, CIVID_E_COUNT);
    LIE(g->first[1] = INT64_MAX, CIVID_E_COUNT);
    LIE(g->first[1] = INT64_MIN, CIVID_E_COUNT);
    LIE(g->positions[3] = CIVID_POSITIONS, CIVID_E_VALUE);
    LIE(g->positions[3] = 255, CIVID_E_VALUE);
    LIE(g->positions[3] = 2, CIVID_E_VALUE);
    LIE(g->offsets[4] += 1, CIVID_E_CAPACITY);
    LIE(g->offsets[4] = UINT64_MAX - 63, CIVID_E_CAPACITY);
    LIE(g->offsets[9] = g->offsets[FINGERS] + 64, CIVID_E_CAPACITY);
    LIE(g->offsets[3] = g->offsets[2], CIVID_E_CORRUPT); /* a template of no bytes */
    LIE(g->block[g->offsets[2]] ^= 1, CIVID_E_CORRUPT);
    LIE(memset(g->block + g->offsets[5], 0xff, 64), CIVID_E_CORRUPT);
    LIE(g->subjects.finger_count = 3, CIVID_E_COUNT);
    LIE(g->subjects.finger_count = -1, CIVID_E_COUNT);
    LIE(g->subjects.subject_count = 3, CIVID_E_COUNT);
    LIE(g->subjects.subject_count = -3, CIVID_E_COUNT);
    LIE(g->subjects.block_size = 100, CIVID_E_CAPACITY);
    LIE(g->subjects.block = g->block + 8, CIVID_E_VALUE);
    LIE(g->subjects.block = NULL, CIVID_E_NULL);
    LIE(g->subjects.offsets = NULL, CIVID_E_NULL);
    LIE(g->subjects.positions = NULL, CIVID_E_NULL);
    LIE(g->subjects.first = NULL, CIVID_E_NULL);
    LIE(g->scratch_size -= 1, CIVID_E_CAPACITY);
#undef LIE
}

static void arguments(void) {
    gallery_t *g = make();
    civid_candidate_t found[SUBJECTS];
    int64_t count;
    CHECK_INT(search(g, -1, 0, 1, found, 1, &count), CIVID_E_COUNT);
    CHECK_INT(search(g, SUBJECTS, 0, 1, found, 1, &count), CIVID_E_COUNT);
    CHECK_INT(search(g, INT64_MAX, 0, 1, found, 1, &count), CIVID_E_COUNT);
    CHECK_INT(search(g, INT64_MIN, 0, 1, found, 1, &count), CIVID_E_COUNT);
    CHECK_INT(search(g, 0, -1, 1, found, 1, &count), CIVID_E_COUNT);
    CHECK_INT(search(g, 0, 2, 1, found, 1, &count), CIVID_E_COUNT);
    CHECK_INT(search(g, 0, 0, SUBJECTS + 1, found, 1, &count), CIVID_E_COUNT);
    CHECK_INT(search(g, 0, 0, 1, found, 0, &count), CIVID_E_CAPACITY);
    CHECK_INT(search(g, 0, 0, 1, NULL, 1, &count), CIVID_E_NULL);
    CHECK_INT(search(g, 0, 0, 1, found, 1, NULL), CIVID_E_NULL);
    CHECK_INT(search(g, 0, 3, 3, found, 1, &count), CIVID_OK);
    CHECK_INT(count, 0);
    CHECK_INT(search(g, 5, 0, SUBJECTS, found, SUBJECTS, &count), CIVID_OK); /* no finger */
    CHECK_INT(count, 0);
    const float absurd[] = {-1.0f, NAN};
    for (size_t i = 0; i < 2; i++)
        CHECK_INT(civid_search(&g->subjects, 0, &g->subjects, 0, 1, NULL, absurd[i], g->scratch,
                               g->scratch_size, found, 1, &count),
                  CIVID_E_VALUE);
    CHECK_INT(civid_search(NULL, 0, &g->subjects, 0, 1, NULL, 0, g->scratch, g->scratch_size, found, 1,
                           &count),
              CIVID_E_NULL);
    drop(g);
}

static void fusion(void) {
    float fused = -1, scores[CIVID_POSITIONS + 1];
    for (int32_t i = 0; i <= CIVID_POSITIONS; i++) scores[i] = 30;
    CHECK_INT(civid_fuse(scores, 1, NULL, &fused), CIVID_OK);
    CHECK(fused == 30);
    float before = 0;
    for (int32_t count = 1; count <= CIVID_POSITIONS; count++) {
        CHECK_INT(civid_fuse(scores, count, NULL, &fused), CIVID_OK);
        CHECK(fused > before && fused <= 30.0f * (float)count);
        before = fused;
    }
    /* Were they independent: P(X1 + X2 >= x) = exp(-x) (1 + x). Fingers of one person are not quite,
     * so that they say somewhat less together. */
    CHECK_INT(civid_fuse(scores, 2, NULL, &fused), CIVID_OK);
    const double x = 6 * log(10);
    const double independent = 10 / log(10) * (x - log(1 + x));
    CHECK((double)fused < independent + 1e-4 && (double)fused > 0.85 * independent);
    CHECK_INT(civid_fuse(scores, 0, NULL, &fused), CIVID_E_COUNT);
    CHECK_INT(civid_fuse(scores, CIVID_POSITIONS + 1, NULL, &fused), CIVID_E_COUNT);
    CHECK_INT(civid_fuse(NULL, 1, NULL, &fused), CIVID_E_NULL);
    CHECK_INT(civid_fuse(scores, 1, NULL, NULL), CIVID_E_NULL);
    const float absurd[] = {-1, NAN, INFINITY};
    for (size_t i = 0; i < 3; i++) {
        scores[1] = absurd[i];
        CHECK_INT(civid_fuse(scores, 2, NULL, &fused), CIVID_E_VALUE);
    }
}

int main(void) {
    RUN(the_same_person_comes_first);
    RUN(pairs_agree_with_search_and_evidence);
    RUN(arrays_that_lie);
    RUN(arguments);
    RUN(fusion);
    return DONE();
}
