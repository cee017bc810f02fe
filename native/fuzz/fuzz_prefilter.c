/* A part whose arrays lie, prefiltered, unpacked and measured: a status, and nothing outside of it. What
 * the parts hold is right at first; then some of their words are written over. */
#include "fuzz.h"

enum { FINGERS = 12, SUBJECTS = 8, PROBES = 3, KEEP = 4 };

typedef struct {
    uint8_t *block;
    uint64_t *offsets, *codes, *details;
    uint8_t positions[FINGERS], alive[SUBJECTS];
    int64_t first[SUBJECTS + 1];
    civid_part_t part;
} gallery_t;

/* Memory of exactly this size, so that a sanitizer sees the first byte behind it. */
static void *exactly(size_t size) {
    void *memory = malloc(size ? size : 1);
    REQUIRE(memory != NULL);
    return memory;
}

static void build(input_t *in, gallery_t *g) {
    int64_t of[FINGERS + 1] = {0}, fingers = 0;
    g->first[0] = 0;
    for (int32_t s = 0; s < SUBJECTS; s++) {
        const uint32_t pattern = take(in, 2);
        const int64_t begin = fingers;
        for (int32_t p = 0; p < CIVID_POSITIONS && fingers - begin < 3; p++)
            if (pattern >> p & 1 && fingers < FINGERS) g->positions[fingers++] = (uint8_t)p;
        g->first[s + 1] = fingers;
        g->alive[s] = pattern >> 12 != 0;
    }
    g->offsets = exactly((size_t)(fingers + 1) * sizeof *g->offsets);
    g->offsets[0] = 0;
    for (int64_t f = 0; f < fingers; f++) {
        of[f + 1] = of[f] + take(in, 1) % 41;
        g->offsets[f + 1] = g->offsets[f] + 8 + 8 * (uint64_t)(of[f + 1] - of[f]);
    }
    const size_t size = g->offsets[fingers], words = (size_t)of[fingers];
    civid_minutia_t *minutiae = exactly(words * sizeof *minutiae);
    for (size_t i = 0; i < words; i++) {
        civid_minutia_t *m = &minutiae[i];
        memset(m, 0, sizeof *m);
        m->x = (float)(take(in, 1) * 2), m->y = (float)(take(in, 1) * 2);
        m->angle = (float)take(in, 1) * (6.2831853f / 256);
        m->quality = 50;
    }
    g->block = exactly(size), g->codes = exactly(words * 8), g->details = exactly(words * 8);
    g->part = (civid_part_t){g->block, size,     g->offsets, g->positions, g->first,
                             g->alive, g->codes, g->details, fingers,      SUBJECTS};
    REQUIRE(civid_index_many(minutiae, of, fingers, 0, g->block, size, g->offsets, g->codes,
                             g->details) == CIVID_OK);
    free(minutiae);
}

static void drop(gallery_t *g) {
    free(g->block), free(g->offsets), free(g->codes), free(g->details);
}

static uint64_t absurd(input_t *in) {
    static const uint64_t values[] = {0, 1, 7, 8, 16, INT64_MAX, (uint64_t)INT64_MAX + 1,
                                      UINT64_MAX, UINT64_MAX - 7};
    enum { VALUES = sizeof values / sizeof *values };
    const uint32_t which = take(in, 1) % (2 * VALUES);
    return which < VALUES ? values[which] : take(in, 2);
}

/* Counts and sizes only ever get smaller than the memory is. */
static void damage(input_t *in, gallery_t *g) {
    civid_part_t *p = &g->part;
    const size_t fingers = (size_t)p->finger_count;
    for (uint32_t n = take(in, 1) % 4; n > 0; n--) {
        switch (take(in, 1) % 8) {
        case 0: g->first[take(in, 1) % (SUBJECTS + 1)] = (int64_t)absurd(in); break;
        case 1: g->offsets[take(in, 1) % (fingers + 1)] = absurd(in); break;
        case 2: g->offsets[take(in, 1) % (fingers + 1)] += 8 * (uint64_t)take(in, 1) - 1024; break;
        case 3: g->positions[take(in, 1) % FINGERS] = (uint8_t)take(in, 1); break;
        case 4:
            if (p->block_size) g->block[take(in, 2) % p->block_size] = (uint8_t)take(in, 1);
            break;
        case 5: p->block_size -= take(in, 1) % (p->block_size + 1); break;
        case 6: p->finger_count -= take(in, 1) % 3; break;
        default: p->subject_count -= take(in, 1) % 3; break;
        }
    }
}

static void prefilter(input_t *in, const civid_part_t *probes, const civid_part_t *references) {
    int64_t slots[PROBES], after[PROBES], counts[PROBES];
    civid_candidate_t *found = exactly(PROBES * KEEP * sizeof *found);
    for (int32_t i = 0; i < PROBES; i++) {
        slots[i] = (int64_t)(take(in, 1) % (SUBJECTS + 1)) - (take(in, 1) % 16 == 0);
        after[i] = (int64_t)absurd(in);
    }
    const uint32_t how = take(in, 1);
    const int64_t begin = how & 1 ? 2 : 0;
    uint64_t size;
    REQUIRE(civid_prefilter_scratch_size(PROBES, SUBJECTS - begin, &size) == CIVID_OK);
    void *scratch = aligned_alloc(64, (size_t)((size + 63) / 64 * 64));
    REQUIRE(scratch != NULL);
    if (civid_prefilter(probes, slots, PROBES, references, begin, SUBJECTS, how & 2 ? after : NULL,
                   1 + (int32_t)(how >> 4), how >> 2 & 1, scratch, size, KEEP, found,
                   counts) == CIVID_OK)
        for (int32_t i = 0; i < PROBES; i++) {
            REQUIRE(counts[i] >= 0 && counts[i] <= KEEP);
            for (int64_t k = 0; k < counts[i]; k++) {
                const civid_candidate_t *c = &found[i * KEEP + k];
                REQUIRE(c->probe == slots[i] && c->reference >= begin && c->reference < SUBJECTS);
                REQUIRE(k == 0 || c[-1].reference < c->reference);
                REQUIRE(c->score > -1e6f && c->score < 1e6f);
                REQUIRE(references->alive[c->reference]);
                REQUIRE(!(how & 2) || c->reference >= after[i]);
            }
        }
    free(scratch), free(found);
}

static void unpack(input_t *in, const civid_part_t *part) {
    int64_t slots[PROBES], begin[PROBES + 1], fingers;
    uint64_t size;
    for (int32_t i = 0; i < PROBES; i++) slots[i] = take(in, 1) % SUBJECTS;
    const uint32_t wanted = take(in, 2);
    if (civid_unpacked_size(part, slots, PROBES, wanted, &fingers, &size) != CIVID_OK) return;
    REQUIRE(fingers >= 0 && fingers <= PROBES * FINGERS && size % 64 == 0);
    void *block = aligned_alloc(64, (size_t)size + 64);
    REQUIRE(block != NULL);
    uint64_t *offsets = exactly((size_t)(fingers + 1) * sizeof *offsets);
    uint8_t *positions = exactly((size_t)fingers);
    if (civid_unpack_subjects(part, slots, PROBES, wanted, block, size, offsets, positions, fingers,
                              begin) == CIVID_OK)
        for (int64_t f = 0; f < fingers; f++)
            REQUIRE(civid_prepared_check((uint8_t *)block + offsets[f],
                                         offsets[f + 1] - offsets[f]) == CIVID_OK);
    free(block), free(offsets), free(positions);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input_t in = {data, size};
    gallery_t a, b;
    int32_t scan, agree;
    build(&in, &a), build(&in, &b);
    prefilter(&in, &a.part, &b.part);
    damage(&in, &a), damage(&in, &b);
    prefilter(&in, &a.part, &b.part);
    prefilter(&in, &b.part, &b.part);
    unpack(&in, &a.part), unpack(&in, &b.part);
    if (civid_prefilter_measure(&a.part, take(&in, 1) % FINGERS, &b.part, take(&in, 1) % FINGERS, &scan,
                           &agree) == CIVID_OK)
        REQUIRE(scan >= 0 && agree >= 0);
    /* Any bytes as a template. */
    const uint64_t rest = in.left > 300 ? 300 : in.left;
    uint8_t *packed = exactly(rest);
    memcpy(packed, in.at, rest);
    uint64_t codes[CIVID_MAX_MINUTIAE], details[CIVID_MAX_MINUTIAE];
    (void)civid_scan_codes(packed, rest, codes, details);
    free(packed);
    drop(&a), drop(&b);
    return 0;
}
