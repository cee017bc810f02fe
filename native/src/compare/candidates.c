/* candidates.c - spread the templates out, and find the minutiae that are most alike. */
#include <string.h>

#include "compare/stages.h"
#include "compare/wave_table.h"

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

/* A candidate is the best of its row or of its column. Counting sort by distance, two passes, so
 * that any number of ties is no matter; equal distances keep the canonical order. */
void civid__candidates(const civid__prepared_t *a, const civid__prepared_t *b,
                       civid__scratch_t *t) {
    const int32_t n = a->count, m = b->count, stride = t->stride;
    int32_t wanted = n < m ? n : m, start[257] = {0};
    if (wanted < 4) wanted = 4;
    if (wanted > CIVID__MAX_CANDIDATES) wanted = CIVID__MAX_CANDIDATES;
    for (int32_t i = 0; i < n; i++) {
        const uint8_t *row = t->distance + (size_t)i * stride, best = t->row_best[i];
        for (int32_t j = 0; j < m; j++)
            if (row[j] == best || row[j] == t->column_best[j]) start[row[j] + 1]++;
    }
    for (int32_t d = 0; d < 256; d++) start[d + 1] += start[d];
    t->candidates = start[256] < wanted ? start[256] : wanted;
    for (int32_t i = 0; i < n; i++) {
        const uint8_t *row = t->distance + (size_t)i * stride, best = t->row_best[i];
        for (int32_t j = 0; j < m; j++) {
            if (row[j] != best && row[j] != t->column_best[j]) continue;
            const int32_t at = start[row[j]]++;
            if (at < t->candidates) t->candidate_a[at] = (uint8_t)i, t->candidate_b[at] = (uint8_t)j;
        }
    }
    for (int32_t k = 0; k < CIVID__MAX_CANDIDATES; k++) {
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
        const int32_t alike = CIVID__CODE_CHANCE - t->distance[(size_t)i * stride + j];
        t->weight[k] = alike > 0 ? (float)alike * (1.0f / CIVID__CODE_CHANCE) : 0.0f;
    }
}
