/* relax.c - candidates with company grow, those alone fade: relaxation as in LSSR. */
#include <string.h>

#include "compare/compare_stages.h"

void civid__relax(civid__scratch_t *t) {
    const int32_t n = t->candidates, padded = t->padded;
    const int32_t rounds = t->with->relax_rounds;
    const float gain = n > 1 ? t->with->relax_gain / (float)(n - 1) : 0.0f;
    for (int32_t round = 0; round < rounds; round++) {
        memset(t->next, 0, sizeof t->next);
        for (int32_t p = 0; p < n; p++) {
            const float *row = t->compatible + (size_t)p * CIVID__MAX_CANDIDATES;
            const float w = t->weight[p];
            for (int32_t q = 0; q < padded; q++) t->next[q] += w * row[q];
        }
        for (int32_t q = 0; q < padded; q++)
            t->weight[q] = 0.5f * t->weight[q] + gain * t->next[q];
        for (int32_t q = n; q < padded; q++) t->weight[q] = 0.0f;
    }
}
