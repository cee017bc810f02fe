/* gallery.h - a part of a gallery put together from the pool, and then made to lie. */
#ifndef CIVID_FUZZ_GALLERY_H
#define CIVID_FUZZ_GALLERY_H

#include "pool.h"

enum { FINGERS = 8, SUBJECTS = 6 };

typedef struct {
    arena_t block, codes, details, offsets;
    uint8_t positions[FINGERS], alive[SUBJECTS];
    int64_t first[SUBJECTS + 1];
    civid_part_t part;
} gallery_t;

typedef struct {
    uint64_t packed[1 + POOL_MOST], codes[POOL_MOST], details[POOL_MOST];
} pooled_t;

static inline const pooled_t *packed_of_pool(int32_t which) {
    static pooled_t all[POOL];
    pooled_t *one = &all[which];
    if (one->packed[0] == 0) {
        civid_minutia_t minutiae[POOL_MOST];
        const uint64_t size = 8 + 8 * (uint64_t)pool_count[which];
        pool_minutiae(which, minutiae);
        REQUIRE(civid_pack(minutiae, pool_count[which], pool_extractor(which), one->packed,
                           size) == CIVID_OK);
        REQUIRE(civid_scan_codes(one->packed, size, one->codes, one->details) == CIVID_OK);
    }
    return one;
}

static inline void gather(input_t *in, gallery_t *g) {
    int32_t which[FINGERS];
    int64_t fingers = 0, words = 0;
    g->first[0] = 0;
    for (int32_t s = 0; s < SUBJECTS; s++) {
        const uint32_t pattern = take(in, 2);
        for (int32_t p = 0; p < CIVID_POSITIONS && fingers - g->first[s] < 3; p++)
            if (pattern >> p & 1 && fingers < FINGERS) {
                which[fingers] = (int32_t)(take(in, 1) % POOL);
                words += pool_count[which[fingers]];
                g->positions[fingers++] = (uint8_t)p;
            }
        g->first[s + 1] = fingers;
        g->alive[s] = pattern >> 12 != 0;
    }
    uint64_t *offsets = lend(&g->offsets, (uint64_t)(fingers + 1) * sizeof *offsets);
    const uint64_t size = 8 * (uint64_t)(words + fingers);
    uint8_t *block = lend(&g->block, size);
    uint64_t *codes = lend(&g->codes, (uint64_t)words * 8);
    uint64_t *details = lend(&g->details, (uint64_t)words * 8);
    offsets[0] = 0;
    for (int64_t f = 0, word = 0; f < fingers; f++) {
        const pooled_t *one = packed_of_pool(which[f]);
        const size_t bytes = 8 * (size_t)pool_count[which[f]];
        offsets[f + 1] = offsets[f] + 8 + bytes;
        memcpy(block + offsets[f], one->packed, 8 + bytes);
        memcpy(codes + word, one->codes, bytes), memcpy(details + word, one->details, bytes);
        word += pool_count[which[f]];
    }
    g->part = (civid_part_t){block,    size,  offsets, g->positions, g->first,
                             g->alive, codes, details, fingers,      SUBJECTS};
}

/* Counts and sizes only ever get smaller than the memory is. Codes may be any bits. */
static inline void damage(input_t *in, gallery_t *g) {
    civid_part_t *p = &g->part;
    uint64_t *offsets = (uint64_t *)(void *)g->offsets.memory;
    const size_t fingers = (size_t)p->finger_count;
    const size_t words = p->block_size / 8 < fingers ? 0 : (size_t)p->block_size / 8 - fingers;
    for (uint32_t n = take(in, 1) % 4; n > 0; n--) {
        switch (take(in, 1) % 9) {
        case 0: g->first[take(in, 1) % (SUBJECTS + 1)] = (int64_t)absurd(in); break;
        case 1: offsets[take(in, 1) % (fingers + 1)] = absurd(in); break;
        case 2: offsets[take(in, 1) % (fingers + 1)] += 8 * (uint64_t)take(in, 1) - 1024; break;
        case 3: g->positions[take(in, 1) % FINGERS] = (uint8_t)take(in, 1); break;
        case 4:
            if (p->block_size) g->block.memory[take(in, 2) % p->block_size] = (uint8_t)take(in, 1);
            break;
        case 5: p->block_size -= take(in, 1) % (p->block_size + 1); break;
        case 6: { /* a finger less is a header less: the number of code words stays */
            const int64_t less = (int64_t)(take(in, 1) % 3);
            if (less > p->finger_count || p->block_size < 8 * (uint64_t)less) break;
            p->finger_count -= less, p->block_size -= 8 * (uint64_t)less;
            break;
        }
        case 7: p->subject_count -= take(in, 1) % 3; break;
        default:
            if (words) g->codes.memory[take(in, 2) % (8 * words)] = (uint8_t)take(in, 1);
            break;
        }
    }
}

/* What every prefilter promises of its candidates. */
enum { PROBES = 3, KEEP = 3 };

static inline void check_found(const civid_candidate_t *found, const int64_t *counts,
                               const int64_t *slots, const int64_t *after,
                               const civid_part_t *references, int64_t begin) {
    for (int32_t i = 0; i < PROBES; i++) {
        REQUIRE(counts[i] >= 0 && counts[i] <= KEEP);
        for (int64_t k = 0; k < counts[i]; k++) {
            const civid_candidate_t *c = &found[i * KEEP + k];
            REQUIRE(c->probe == slots[i] && c->reference >= begin && c->reference < SUBJECTS);
            REQUIRE(k == 0 || c[-1].reference < c->reference);
            REQUIRE(c->score > -1e6f && c->score < 1e6f);
            REQUIRE(references->alive[c->reference]);
            REQUIRE(after == NULL || c->reference >= after[i]);
        }
    }
}

#endif
