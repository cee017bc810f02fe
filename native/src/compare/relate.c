/* relate.c - do two candidates describe the same movement? */
#include <math.h>

#include "compare/stages.h"

/* Each error is relative to its tolerance; one minus its square, or 0. */
static inline float fit(float squared) { return squared < 1.0f ? 1.0f - squared : 0.0f; }

void civid__relate(civid__scratch_t *t) {
    const int32_t n = t->candidates;
    const int32_t padded = (n + CIVID__LANES - 1) / CIVID__LANES * CIVID__LANES;
    for (int32_t p = 0; p < n; p++) {
        float *row = t->compatible + (size_t)p * CIVID__MAX_CANDIDATES;
        for (int32_t q = 0; q < padded; q++) {
            const float ax = t->xa[q] - t->xa[p], ay = t->ya[q] - t->ya[p];
            const float bx = t->xb[q] - t->xb[p], by = t->yb[q] - t->yb[p];
            const float da = sqrtf(ax * ax + ay * ay), db = sqrtf(bx * bx + by * by);
            const float mean = 0.5f * (da + db), product = da * db;
            const float e1 =
                (da - db) / (CIVID__DISTANCE_BASE + CIVID__DISTANCE_SLOPE * mean);
            const float turn = t->turn_c[p] * t->turn_c[q] + t->turn_s[p] * t->turn_s[q];
            const float e2 = (2.0f - 2.0f * turn) *
                             (1.0f / (CIVID__DIRECTION_TOLERANCE * CIVID__DIRECTION_TOLERANCE));
            /* the bearing of one from the other, turned by the mean of both turns */
            const float dot = ax * bx + ay * by, cross = ax * by - ay * bx;
            const float c = t->turn_c[p] + t->turn_c[q], s = t->turn_s[p] + t->turn_s[q];
            const float along = product > 1e-3f ? 0.5f * (c * dot + s * cross) / product : -1.0f;
            const float tolerance =
                CIVID__BEARING_TOLERANCE + CIVID__BEARING_NEAR / (mean + CIVID__BEARING_SOFT);
            const float e3 = (2.0f - 2.0f * along) / (tolerance * tolerance);
            row[q] = fit(e1 * e1) * fit(e2) * fit(e3);
        }
    }
}
