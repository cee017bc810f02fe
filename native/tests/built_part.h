/* built_part.h - a small gallery part in memory of exactly its size, for tests of what reads one. */
#ifndef CIVID_TESTS_BUILT_PART_H
#define CIVID_TESTS_BUILT_PART_H

#include "templates.h"

typedef struct {
    uint8_t *block;
    uint64_t *offsets, *codes, *details;
    uint8_t *positions, *alive;
    int64_t *first;
    civid_part_t part;
} civid__built_t;

static inline void *civid__exactly(size_t size) {
    void *memory = malloc(size);
    if (!memory && size) abort();
    return memory;
}

/* Finger f has the minutiae of seeds[f], as many as counts[f]. */
static inline civid__built_t civid__build(const uint64_t *seeds, const int32_t *counts,
                                          const uint8_t *positions, int64_t fingers,
                                          const int64_t *first, int64_t subjects) {
    civid__built_t b;
    const size_t n = (size_t)fingers;
    int64_t *of = civid__exactly((n + 1) * sizeof *of);
    b.offsets = civid__exactly((n + 1) * sizeof *b.offsets);
    of[0] = 0, b.offsets[0] = 0;
    for (size_t f = 0; f < n; f++) {
        of[f + 1] = of[f] + counts[f];
        b.offsets[f + 1] = b.offsets[f] + 8 + 8 * (uint64_t)counts[f];
    }
    const size_t size = b.offsets[n], words = size / 8 - n;
    civid_minutia_t *minutiae =
        civid__exactly(((size_t)of[n] + CIVID_MAX_MINUTIAE) * sizeof *minutiae);
    for (size_t f = 0; f < n; f++) civid__minutiae(seeds[f], counts[f], minutiae + of[f]);
    b.block = civid__exactly(size);
    b.codes = civid__exactly(words * 8), b.details = civid__exactly(words * 8);
    CHECK_INT(civid_index_many(minutiae, of, NULL, fingers, 0, b.block, size, b.offsets, b.codes,
                               b.details),
              CIVID_OK);
    b.positions = civid__exactly(n), memcpy(b.positions, positions, n);
    b.alive = civid__exactly((size_t)subjects), memset(b.alive, 1, (size_t)subjects);
    b.first = civid__exactly(((size_t)subjects + 1) * sizeof *b.first);
    memcpy(b.first, first, ((size_t)subjects + 1) * sizeof *b.first);
    b.part = (civid_part_t){b.block, size,    b.offsets, b.positions, b.first,
                            b.alive, b.codes, b.details, fingers,     subjects};
    free(minutiae), free(of);
    return b;
}

static inline void civid__drop(civid__built_t *b) {
    free(b->block), free(b->offsets), free(b->codes), free(b->details);
    free(b->positions), free(b->alive), free(b->first);
}

#endif
