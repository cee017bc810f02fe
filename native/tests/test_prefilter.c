/* The prefilter against a slow definition, subject by subject, and over arrays that lie. */
#include <math.h>

#include "built_part.h"
#include "search/scan/scan.h"

enum { SUBJECTS = 150, ROOM = SUBJECTS * 4 };

/* Subjects with 0 to 3 fingers at some of positions 0 to 4; seeds from a small stock, so that many
 * are equal. */
static civid__built_t gallery(uint64_t seed, int64_t subjects) {
    uint64_t seeds[ROOM];
    int32_t counts[ROOM];
    uint8_t positions[ROOM];
    int64_t first[SUBJECTS + 1] = {0}, n = 0;
    for (int64_t s = 0; s < subjects; s++) {
        const int32_t pattern = civid__below(&seed, 32);
        const int64_t begin = n;
        for (int32_t position = 0; position < 5 && n - begin < 3; position++) {
            if (!(pattern >> position & 1)) continue;
            const int32_t print = civid__below(&seed, 40);
            seeds[n] = 8u * (uint64_t)print, counts[n] = 1 + print * 7 % 60;
            positions[n++] = (uint8_t)position;
        }
        first[s + 1] = n;
    }
    return civid__build(seeds, counts, positions, n, first, subjects);
}

typedef struct {
    int32_t fingers, flags;
    int64_t keep;
} options_t;

/* ---- the definition ---------------------------------------------------------------------- */

static int32_t count_of(const civid__built_t *b, int64_t finger) {
    return (int32_t)((b->offsets[finger + 1] - b->offsets[finger]) / 8 - 1);
}

/* The finger of a subject that is looked at in this place: most minutiae first. */
static int64_t in_place(const civid__built_t *b, int64_t subject, int64_t place) {
    for (int64_t f = b->first[subject]; f < b->first[subject + 1]; f++) {
        int64_t before = 0;
        for (int64_t g = b->first[subject]; g < b->first[subject + 1]; g++)
            before += count_of(b, g) > count_of(b, f) || (count_of(b, g) == count_of(b, f) && g < f);
        if (before == place) return f;
    }
    return -1;
}

static int slow_look(const civid__built_t *p, int64_t slot, const civid__built_t *r, int64_t other,
                     const options_t *o, int second, float *value) {
    float sum = 0;
    int32_t terms = 0;
    for (int64_t place = 0; place < p->first[slot + 1] - p->first[slot] && terms < o->fingers;
         place++) {
        const int64_t f = in_place(p, slot, place);
        float best = -INFINITY;
        for (int64_t g = r->first[other]; g < r->first[other + 1]; g++) {
            const int32_t a = p->positions[f], b = r->positions[g];
            if (a != b && a != 0 && b != 0 && o->flags == 0) continue;
            int32_t scan, agree;
            CHECK_INT(civid_prefilter_measure(&p->part, f, &r->part, g, &scan, &agree), CIVID_OK);
            const int32_t n = count_of(p, f), m = count_of(r, g);
            best = fmaxf(best, second ? civid__agreement_scale(agree, n, m)
                                      : civid__scan_scale(scan, n, m));
        }
        if (isfinite(best)) sum += best, terms++;
    }
    *value = terms > 1 ? sum / sqrtf((float)terms) : sum;
    return terms > 0;
}

/* In 32nds of a deviation, from -8 to 24. */
static int32_t step(float value) {
    const float place = floorf((value + 8) * 32);
    return place < 0 ? 0 : place > 1023 ? 1023 : (int32_t)place;
}

/* Leaves the best ones in `in`: the higher step, the lower slot among equals. */
static void only_best(const float *value, uint8_t *in, int64_t subjects, int64_t wanted) {
    uint8_t kept[SUBJECTS] = {0};
    for (int64_t k = 0; k < wanted; k++) {
        int64_t best = -1;
        for (int64_t s = 0; s < subjects; s++)
            if (in[s] && !kept[s] && (best < 0 || step(value[s]) > step(value[best]))) best = s;
        if (best >= 0) kept[best] = 1;
    }
    memcpy(in, kept, (size_t)subjects);
}

static int64_t slow_prefilter(const civid__built_t *p, int64_t slot, const civid__built_t *r,
                         int64_t begin, int64_t end, int64_t after, const options_t *o,
                         civid_candidate_t *out) {
    float value[SUBJECTS];
    uint8_t in[SUBJECTS] = {0};
    for (int64_t s = begin; s < end; s++)
        in[s] = s >= after && r->alive[s] && slow_look(p, slot, r, s, o, 0, &value[s]);
    const int64_t wanted = 4 * o->keep > 64 ? 4 * o->keep : 64;
    only_best(value, in, r->part.subject_count, wanted);
    for (int64_t s = 0; s < r->part.subject_count; s++)
        if (in[s]) slow_look(p, slot, r, s, o, 1, &value[s]);
    only_best(value, in, r->part.subject_count, o->keep);
    int64_t count = 0;
    for (int64_t s = 0; s < r->part.subject_count; s++)
        if (in[s]) out[count++] = (civid_candidate_t){slot, s, value[s], 1};
    return count;
}

/* ---- against it -------------------------------------------------------------------------- */

static civid_status prefilter(const civid_part_t *p, const int64_t *slots, int64_t count,
                         const civid_part_t *r, int64_t begin, int64_t end, const int64_t *after,
                         const options_t *o, civid_candidate_t *out, int64_t *counts) {
    uint64_t size;
    const civid_status status = civid_prefilter_scratch_size(count, end - begin, &size);
    if (status != CIVID_OK) return status;
    void *scratch = civid__memory(size);
    memset(scratch, 0xa5, size);
    const civid_status done = civid_prefilter(p, slots, count, r, begin, end, after, o->fingers,
                                         o->flags, scratch, size, o->keep, out, counts);
    free(scratch);
    return done;
}

static void it_finds_what_is_defined(void) {
    static const options_t options[] = {{2, 0, 5},  {1, 0, 1}, {11, 1, 9},
                                        {2, 1, 40}, {3, 0, 7}, {2, 0, SUBJECTS}};
    enum { PROBES = 6, OPTIONS = sizeof options / sizeof *options };
    uint64_t state = 1;
    civid__built_t p = gallery(1, 20), r = gallery(2, SUBJECTS);
    for (int64_t s = 0; s < SUBJECTS; s += 7) r.alive[s] = 0;
    for (int32_t k = 0; k < OPTIONS; k++) {
        const options_t *o = &options[k];
        int64_t slots[PROBES], after[PROBES], counts[PROBES];
        civid_candidate_t *out = civid__exactly(PROBES * (size_t)o->keep * sizeof *out);
        const int64_t begin = k % 2 ? 3 : 0, end = k == 3 ? 100 : SUBJECTS;
        for (int32_t i = 0; i < PROBES; i++) {
            slots[i] = civid__below(&state, 20);
            after[i] = civid__below(&state, 120) - 20;
        }
        const int64_t *from = k % 3 ? NULL : after;
        for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
            if (!civid_cpu_available(isa)) continue;
            CHECK_INT(civid_cpu_force(isa), CIVID_OK);
            CHECK_INT(prefilter(&p.part, slots, PROBES, &r.part, begin, end, from, o, out, counts),
                      CIVID_OK);
            for (int32_t i = 0; i < PROBES && (isa == 0 || i == 0); i++) {
                civid_candidate_t wanted[SUBJECTS];
                const int64_t n = slow_prefilter(&p, slots[i], &r, begin, end, from ? after[i] : 0, o,
                                            wanted);
                CHECK_INT(counts[i], n);
                for (int64_t c = 0; c < n && c < counts[i]; c++) {
                    const civid_candidate_t got = out[i * o->keep + c];
                    CHECK_INT(got.probe, slots[i]);
                    CHECK_INT(got.reference, wanted[c].reference);
                    CHECK(got.score == wanted[c].score);
                }
            }
        }
        free(out);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    civid__drop(&p), civid__drop(&r);
}

static void nobody_without_a_comparable_finger_comes(void) {
    static const uint64_t seeds[] = {8, 8, 8};
    static const int32_t counts[] = {40, 40, 40};
    static const uint8_t known[] = {1, 2, 0}, mine[] = {2};
    static const int64_t each[] = {0, 1, 2, 3, 3}, one[] = {0, 1}, none[] = {0, 0};
    civid__built_t r = civid__build(seeds, counts, known, 3, each, 4);
    civid__built_t p = civid__build(seeds, counts, mine, 1, one, 1);
    civid__built_t nobody = civid__build(seeds, counts, mine, 0, none, 1);
    const int64_t slot = 0;
    civid_candidate_t out[4];
    int64_t n = -1;
    options_t o = {2, 0, 4};
    CHECK_INT(prefilter(&p.part, &slot, 1, &r.part, 0, 4, NULL, &o, out, &n), CIVID_OK);
    CHECK_INT(n, 2); /* not position 1, nor the subject without fingers */
    CHECK(out[0].reference == 1 && out[1].reference == 2 && out[0].score == out[1].score);
    o.flags = CIVID_PREFILTER_ANY_FINGER;
    CHECK_INT(prefilter(&p.part, &slot, 1, &r.part, 0, 4, NULL, &o, out, &n), CIVID_OK);
    CHECK_INT(n, 3);
    o.keep = 1; /* all are equal: the first */
    CHECK_INT(prefilter(&p.part, &slot, 1, &r.part, 0, 4, NULL, &o, out, &n), CIVID_OK);
    CHECK(n == 1 && out[0].reference == 0);
    CHECK_INT(prefilter(&p.part, &slot, 1, &r.part, 2, 2, NULL, &o, out, &n), CIVID_OK);
    CHECK_INT(n, 0);
    n = 7;
    CHECK_INT(prefilter(&nobody.part, &slot, 1, &r.part, 0, 4, NULL, &o, out, &n), CIVID_OK);
    CHECK_INT(n, 0);
    n = 7, o.fingers = 0; /* refused: found nothing */
    CHECK_INT(prefilter(&p.part, &slot, 1, &r.part, 0, 4, NULL, &o, out, &n), CIVID_E_VALUE);
    CHECK_INT(n, 0);
    o.fingers = 2;
    r.part.alive = NULL; /* all alive */
    CHECK_INT(prefilter(&p.part, &slot, 1, &r.part, 0, 4, NULL, &o, out, &n), CIVID_OK);
    CHECK_INT(n, 1);
    civid__drop(&r), civid__drop(&p), civid__drop(&nobody);
}

/* ---- lies -------------------------------------------------------------------------------- */

static void arrays_that_lie(void) {
    static const uint64_t seeds[] = {1, 2, 3, 4, 5, 6};
    static const int32_t counts[] = {30, 9, 255, 1, 17, 40};
    static const uint8_t positions[] = {2, 7, 2, 7, 2, 7};
    static const int64_t first[] = {0, 2, 4, 6};
    static const int64_t slot = 0;
    const options_t o = {2, 0, 3};
#define LIE(change, wanted)                                                                \
    do {                                                                                   \
        civid__built_t p = civid__build(seeds, counts, positions, 6, first, 3);            \
        civid__built_t r = civid__build(seeds, counts, positions, 6, first, 3), *g = &r;   \
        civid_candidate_t found[3];                                                        \
        int64_t n = -1;                                                                    \
        change;                                                                            \
        CHECK_INT(prefilter(&p.part, &slot, 1, &r.part, 0, 3, NULL, &o, found, &n), wanted);    \
        CHECK(n <= 0);                                                                     \
        g = &p, n = -1;                                                                    \
        civid__drop(&r);                                                                   \
        r = civid__build(seeds, counts, positions, 6, first, 3);                           \
        change;                                                                            \
        CHECK(prefilter(&p.part, &slot, 1, &r.part, 0, 3, NULL, &o, found, &n) != CIVID_OK ||   \
              n >= 0);                                                                     \
        civid__drop(&r), civid__drop(&p);                                                  \
    } while (0)
    LIE(g->first[1] = -1, CIVID_E_COUNT);
    LIE(g->first[1] = 7, CIVID_E_COUNT);
    LIE(g->first[1] = INT64_MAX, CIVID_E_COUNT);
    LIE(g->first[1] = INT64_MIN, CIVID_E_COUNT);
    LIE(g->first[3] = 7, CIVID_E_COUNT);
    LIE(g->offsets[2] += 1, CIVID_E_CAPACITY);
    LIE(g->offsets[2] += 8, CIVID_E_CORRUPT); /* one minutia more, one less */
    LIE(g->offsets[2] = UINT64_MAX - 7, CIVID_E_CAPACITY);
    LIE(g->offsets[0] = UINT64_MAX - 7, CIVID_E_CAPACITY);
    LIE(g->offsets[6] += 8, CIVID_E_CAPACITY);
    LIE(g->offsets[3] = g->offsets[2], CIVID_E_CAPACITY);
    LIE(g->offsets[2] = 8, CIVID_E_CAPACITY); /* too early for finger 2: no word is before the first */
    LIE(g->offsets[2] = g->offsets[6], CIVID_E_CAPACITY);
    LIE(g->block[5] ^= 1, CIVID_E_CORRUPT);
    LIE(g->block[g->offsets[2] + 4] = 2, CIVID_E_CORRUPT);
    LIE(g->part.finger_count = 3, CIVID_E_COUNT);
    LIE(g->part.finger_count = -1, CIVID_E_COUNT);
    LIE(g->part.finger_count = INT64_MAX, CIVID_E_CAPACITY);
    LIE(g->part.subject_count = 2, CIVID_E_COUNT);
    LIE(g->part.subject_count = -1, CIVID_E_COUNT);
    LIE(g->part.block_size = 100, CIVID_E_CAPACITY);
    LIE(g->part.block_size = 0, CIVID_E_CAPACITY);
    LIE(g->part.block = NULL, CIVID_E_NULL);
    LIE(g->part.block = g->block + 4, CIVID_E_VALUE);
    LIE(g->part.offsets = NULL, CIVID_E_NULL);
    LIE(g->part.positions = NULL, CIVID_E_NULL);
    LIE(g->part.first = NULL, CIVID_E_NULL);
    LIE(g->part.codes = NULL, CIVID_E_NULL);
    LIE(g->part.details = NULL, CIVID_E_NULL);
#define ODD(field) (void *)((uint8_t *)g->field + 4)
    LIE(g->part.offsets = ODD(offsets), CIVID_E_VALUE);
    LIE(g->part.first = ODD(first), CIVID_E_VALUE);
    LIE(g->part.codes = ODD(codes), CIVID_E_VALUE);
    LIE(g->part.details = ODD(details), CIVID_E_VALUE);
#undef ODD
#undef LIE
    /* Positions of a reference are only compared; those of a probe are kept in a table. */
    civid__built_t p = civid__build(seeds, counts, positions, 6, first, 3);
    civid_candidate_t found[3];
    int64_t n;
    p.positions[1] = CIVID_POSITIONS;
    CHECK_INT(prefilter(&p.part, &slot, 1, &p.part, 0, 3, NULL, &o, found, &n), CIVID_E_VALUE);
    p.positions[1] = 2;
    CHECK_INT(prefilter(&p.part, &slot, 1, &p.part, 0, 3, NULL, &o, found, &n), CIVID_E_VALUE);
    /* Minutiae anywhere: only the header is looked at, and nothing leaves its numbers. */
    p.positions[1] = 7;
    memset(p.block + 8, 0x80, 180), memset(p.block + p.offsets[2] + 8, 0x7f, 1500);
    CHECK_INT(prefilter(&p.part, &slot, 1, &p.part, 0, 3, NULL, &o, found, &n), CIVID_OK);
    CHECK_INT(n, 3);
    civid__drop(&p);
}

static void arguments(void) {
    civid__built_t g = gallery(3, 10);
    const civid_part_t *p = &g.part;
    int64_t slots[CIVID_PREFILTER_MAX_PROBES + 1] = {0}, n[2];
    uint64_t size, wide;
    civid_candidate_t out[20];
    CHECK_INT(civid_prefilter_scratch_size(2, 10, &size), CIVID_OK);
    CHECK_INT(civid_prefilter_scratch_size(2, 10, NULL), CIVID_E_NULL);
    CHECK_INT(civid_prefilter_scratch_size(-1, 10, &wide), CIVID_E_COUNT);
    CHECK_INT(civid_prefilter_scratch_size(2, -1, &wide), CIVID_E_COUNT);
    CHECK_INT(civid_prefilter_scratch_size(CIVID_PREFILTER_MAX_PROBES + 1, 1, &wide), CIVID_E_COUNT);
    CHECK_INT(civid_prefilter_scratch_size(1, CIVID_PREFILTER_MAX_RANGE + 1, &wide), CIVID_E_COUNT);
    CHECK_INT(civid_prefilter_scratch_size(INT64_MAX, INT64_MAX, &wide), CIVID_E_COUNT);
    uint8_t *scratch = civid__memory(size + 64);
#define SIFT(probes, slots, count, references, begin, end, fingers, flags, scratch, size, keep, out, \
             n)                                                                                      \
    civid_prefilter(probes, slots, count, references, begin, end, NULL, fingers, flags, scratch, size,    \
               keep, out, n)
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, scratch, size, 10, out, n), CIVID_OK);
    CHECK_INT(SIFT(NULL, slots, 2, p, 0, 10, 2, 0, scratch, size, 10, out, n), CIVID_E_NULL);
    CHECK_INT(SIFT(p, NULL, 2, p, 0, 10, 2, 0, scratch, size, 10, out, n), CIVID_E_NULL);
    CHECK_INT(SIFT(p, slots, 2, NULL, 0, 10, 2, 0, scratch, size, 10, out, n), CIVID_E_NULL);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, NULL, size, 10, out, n), CIVID_E_NULL);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, scratch, size, 10, NULL, n), CIVID_E_NULL);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, scratch, size, 10, out, NULL), CIVID_E_NULL);
    CHECK_INT(SIFT(p, slots, -1, p, 0, 10, 2, 0, scratch, size, 10, out, n), CIVID_E_COUNT);
    CHECK_INT(SIFT(p, slots, CIVID_PREFILTER_MAX_PROBES + 1, p, 0, 10, 2, 0, scratch, size, 10, out, n),
              CIVID_E_COUNT);
    CHECK_INT(SIFT(p, slots, 2, p, -1, 10, 2, 0, scratch, size, 10, out, n), CIVID_E_COUNT);
    CHECK_INT(SIFT(p, slots, 2, p, 4, 3, 2, 0, scratch, size, 10, out, n), CIVID_E_COUNT);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 11, 2, 0, scratch, size, 10, out, n), CIVID_E_COUNT);
    CHECK_INT(SIFT(p, slots, 2, p, INT64_MIN, INT64_MAX, 2, 0, scratch, size, 10, out, n),
              CIVID_E_COUNT);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 0, 0, scratch, size, 10, out, n), CIVID_E_VALUE);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 2, scratch, size, 10, out, n), CIVID_E_VALUE);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, scratch + 8, size, 10, out, n), CIVID_E_VALUE);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, scratch, size - 1, 10, out, n), CIVID_E_CAPACITY);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, scratch, size, 0, out, n), CIVID_E_CAPACITY);
    CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, scratch, size, INT64_MAX, out, n),
              CIVID_E_CAPACITY);
    CHECK_INT(SIFT(p, NULL, 0, p, 0, 10, 2, 0, NULL, 0, 10, NULL, NULL), CIVID_OK);
    static const int64_t nowhere[] = {-1, 10, INT64_MAX, INT64_MIN};
    for (int32_t k = 0; k < 4; k++) {
        slots[1] = nowhere[k];
        CHECK_INT(SIFT(p, slots, 2, p, 0, 10, 2, 0, scratch, size, 10, out, n), CIVID_E_COUNT);
    }
#undef SIFT
    int32_t scan, agree;
    CHECK_INT(civid_prefilter_measure(p, 0, p, 0, &scan, NULL), CIVID_E_NULL);
    CHECK_INT(civid_prefilter_measure(p, 0, p, 0, NULL, &agree), CIVID_E_NULL);
    CHECK_INT(civid_prefilter_measure(p, -1, p, 0, &scan, &agree), CIVID_E_COUNT);
    CHECK_INT(civid_prefilter_measure(p, 0, p, p->finger_count, &scan, &agree), CIVID_E_COUNT);
    CHECK_INT(civid_prefilter_measure(NULL, 0, p, 0, &scan, &agree), CIVID_E_NULL);
    free(scratch);
    civid__drop(&g);
}

int main(void) {
    RUN(it_finds_what_is_defined);
    RUN(nobody_without_a_comparable_finger_comes);
    RUN(arrays_that_lie);
    RUN(arguments);
    return DONE();
}
