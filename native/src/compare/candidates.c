/* candidates.c - spread the templates out, and find the minutiae that are most alike. */
#include <string.h>

#include "compare/compare_stages.h"
#include "tables/wave_table.h"

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#endif

void civid__spread(const civid__prepared_t *p, civid__side_t *side) {
    const int16_t *x = civid__xs(p), *y = civid__ys(p);
    const uint8_t *angle = civid__angles(p);
    const int32_t padded = civid__blocks(p->count) * CIVID__BLOCK;
    for (int32_t i = 0; i < padded; i++) {
        side->x[i] = (float)x[i] * (1.0f / CIVID__UNITS_PER_PX);
        side->y[i] = (float)y[i] * (1.0f / CIVID__UNITS_PER_PX);
        side->c[i] = (float)civid__cosine(angle[i]) * (1.0f / 16384);
        side->s[i] = (float)civid__sine(angle[i]) * (1.0f / 16384);
    }
}

static inline int32_t lowest_bit(uint64_t v) {
#if defined(_MSC_VER) && !defined(__clang__)
    unsigned long at;
    _BitScanForward64(&at, v);
    return (int32_t)at;
#else
    return __builtin_ctzll(v);
#endif
}

/* 0x80 in every byte that is 0, and only there. */
static inline uint64_t zero_bytes(uint64_t v) {
    const uint64_t low = 0x7f7f7f7f7f7f7f7fu;
    return ~(((v & low) + low) | v | low);
}

/* Bytes of a row that are the best of the row or of their column, eight at a time. */
static inline uint64_t best_of(const uint8_t *row, const uint8_t *column_best, uint8_t row_best) {
    uint64_t values, columns;
    memcpy(&values, row, 8);
    memcpy(&columns, column_best, 8);
    return zero_bytes(values ^ columns) | zero_bytes(values ^ row_best * 0x0101010101010101u);
}

/* A candidate is the best of its row or of its column. Counting sort by distance; equal distances
 * keep the canonical order. Only absurd input (hundreds of equal codes) has more hits than fit. */
static void select_best(int32_t n, int32_t m, int32_t wanted, civid__scratch_t *t) {
    int32_t start[257] = {0}, count = 0;
    for (int32_t i = 0; i < n; i++) {
        const uint8_t *row = t->distance + (size_t)i * t->stride;
        for (int32_t block = 0; block < m; block += 8) {
            uint64_t hits = best_of(row + block, t->column_best + block, t->row_best[i]);
            for (; hits && count < CIVID__MAX_OFFERS; hits &= hits - 1) {
                const int32_t j = block + lowest_bit(hits) / 8;
                if (j >= m) break;
                start[row[j] + 1]++;
                t->offer[count++] =
                    (uint32_t)row[j] << 16 | (uint32_t)i << 8 | (uint32_t)j;
            }
        }
    }
    for (int32_t d = 0; d < 256; d++) start[d + 1] += start[d];
    t->candidates = count < wanted ? count : wanted;
    t->padded = (t->candidates + CIVID__LANES - 1) / CIVID__LANES * CIVID__LANES;
    for (int32_t k = 0; k < count; k++) {
        const int32_t at = start[t->offer[k] >> 16]++;
        if (at >= t->candidates) continue;
        t->candidate_a[at] = (uint8_t)(t->offer[k] >> 8);
        t->candidate_b[at] = (uint8_t)t->offer[k];
    }
}

void civid__candidates(const civid__prepared_t *a, const civid__prepared_t *b,
                       civid__scratch_t *t) {
    const int32_t n = a->count, m = b->count, stride = t->stride;
    const int32_t least = t->with->candidates_least, most = t->with->candidates_most;
    const int32_t chance = t->with->code_chance;
    const float share = 1.0f / (float)chance;
    int32_t wanted = n < m ? n : m;
    if (wanted < least) wanted = least;
    if (wanted > most) wanted = most;
    select_best(n, m, wanted, t);
    for (int32_t k = 0; k < t->padded; k++) {
        if (k >= t->candidates) {
            t->xa[k] = t->ya[k] = t->xb[k] = t->yb[k] = 0.0f;
            t->turn_c[k] = t->turn_s[k] = t->weight[k] = 0.0f;
            continue;
        }
        const int32_t i = t->candidate_a[k], j = t->candidate_b[k];
        t->xa[k] = t->a.x[i], t->ya[k] = t->a.y[i];
        t->xb[k] = t->b.x[j], t->yb[k] = t->b.y[j];
        t->turn_c[k] = t->a.c[i] * t->b.c[j] + t->a.s[i] * t->b.s[j];
        t->turn_s[k] = t->a.c[i] * t->b.s[j] - t->a.s[i] * t->b.c[j];
        const int32_t alike = chance - t->distance[(size_t)i * stride + j];
        t->weight[k] = alike > 0 ? (float)alike * share : 0.0f;
    }
}
