/* cluster.c - from the strongest candidate outwards, whoever agrees with those chosen before. */
#include <string.h>

#include "compare/compare_stages.h"

static void choose(civid__scratch_t *t, int32_t which) {
    civid__features_t *f = &t->features;
    f->cluster += t->support[which];
    t->pair_a[f->chosen] = t->candidate_a[which];
    t->pair_b[f->chosen] = t->candidate_b[which];
    t->used_a[t->candidate_a[which]] = t->used_b[t->candidate_b[which]] = 1;
    f->chosen++;
    const float *row = t->compatible + (size_t)which * CIVID__MAX_CANDIDATES;
    for (int32_t q = 0; q < CIVID__MAX_CANDIDATES; q++) t->support[q] += row[q];
}

void civid__cluster(civid__scratch_t *t) {
    memset(t->used_a, 0, sizeof t->used_a);
    memset(t->used_b, 0, sizeof t->used_b);
    memset(t->support, 0, sizeof t->support);
    const int32_t n = t->candidates;
    const float least = t->with->support_least;
    for (;;) {
        const float chosen = (float)t->features.chosen;
        int32_t best = -1;
        float most = 0.0f;
        for (int32_t q = 0; q < n; q++) {
            if (t->used_a[t->candidate_a[q]] || t->used_b[t->candidate_b[q]]) continue;
            if (t->support[q] < least * chosen) continue;
            const float value = (chosen > 0.0f ? t->support[q] : 1.0f) * t->weight[q];
            if (value > most) most = value, best = q;
        }
        if (best < 0) return;
        choose(t, best);
    }
}
