/* candidates.c - spread the templates out, and find the minutiae that are most alike. */
#include <string.h>

#include "compare/compare_stages.h"
#include "kernels.h"
#include "lowest_bit.h"
#include "tables/wave_table.h"

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
    for (int32_t i = padded; i % CIVID__LANES; i++) /* what lanes load beyond is a number */
        side->x[i] = side->y[i] = side->c[i] = side->s[i] = 0.0f;
}

/* A candidate is the best of its row or of its column. Counting sort by distance; equal distances
 * keep the canonical order. Only absurd input (hundreds of equal codes) has more hits than fit. */
static void select_best(int32_t n, int32_t m, int32_t wanted, civid__scratch_t *t) {
    int32_t start[257] = {0}, count = 0, lowest = 255, highest = 0;
    civid__best_fn *best = civid__kernels()->best;
    for (int32_t i = 0; i < n; i++) {
        const uint8_t *row = t->distance + (size_t)i * t->stride;
        for (int32_t block = 0; block < m; block += 64) {
            uint64_t hits = best(row + block, t->column_best + block, t->row_best[i]);
            if (m - block < 64) hits &= (UINT64_C(1) << (m - block)) - 1;
            for (; hits && count < CIVID__MAX_OFFERS; hits &= hits - 1) {
                const int32_t j = block + civid__lowest_bit(hits), distance = row[j];
                if (distance < lowest) lowest = distance;
                if (distance > highest) highest = distance;
                start[distance + 1]++;
                t->offer[count++] = (uint32_t)distance << 16 | (uint32_t)i << 8 | (uint32_t)j;
            }
        }
    }
    for (int32_t d = lowest; d < highest; d++) start[d + 1] += start[d];
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
