/* second_look.c - are these pairs more than chance brings together? Asked only where a comparison
 * seems to be one of the rarest of impostors (about one in 3,000), so that it costs a search nothing.
 *
 * Long whorls and narrow loops have a column of minutiae along their axis, all with one direction.
 * Laid over each other, two of them find partners for most, whoever they belong to: a partner at
 * 8 px is no surprise where a minutia of that direction stands every 15. So each pair is asked how
 * surprising it is that a minutia at least as near was there: -log of the chance, given how dense
 * minutiae of its direction stand around it in both prints. Mates average 2.8, such impostors 1.8.
 * In dB the mean above or below CIVID__LOOK_PLAIN counts GAIN times, within bounds, and never so
 * much that order above LOOK_FROM is lost to what lies below it. (docs/explain/score.md) */
#include <math.h>

#include "compare/compare_stages.h"
#include "mathf.h"

/* What one minutia at this distance adds to the density around a point. Integral over the plane:
 * pi times CIVID__LOOK_REACH. */
static inline float near_by(float dx, float dy) {
    const float near = 1.0f / (1.0f + (dx * dx + dy * dy) * (1.0f / CIVID__LOOK_REACH));
    return near * near;
}

/* Do a (moved onto b) and b point the same way, as far as pairing asks? */
static inline int32_t parallel(const civid__scratch_t *t, int32_t i, int32_t j) {
    const float turn = 2.0f - 2.0f * (t->b.c[j] * t->pc[i] + t->b.s[j] * t->ps[i]);
    return turn <= CIVID__PAIR_DIRECTION * CIVID__PAIR_DIRECTION;
}

static float surprise(const civid__scratch_t *t, int32_t i, int32_t j) {
    float in_a = 0.0f, in_b = 0.0f;
    for (int32_t k = 0; k < t->features.count_a; k++)
        if (parallel(t, k, j)) in_a += near_by(t->b.x[j] - t->px[k], t->b.y[j] - t->py[k]);
    for (int32_t k = 0; k < t->features.count_b; k++)
        if (parallel(t, i, k)) in_b += near_by(t->b.x[k] - t->px[i], t->b.y[k] - t->py[i]);
    const float dx = t->b.x[j] - t->px[i], dy = t->b.y[j] - t->py[i];
    const float density = sqrtf(in_a * in_b) * (1.0f / CIVID__LOOK_REACH);
    const float expected = density * (dx * dx + dy * dy + CIVID__LOOK_NOISE);
    /* 1 - exp(-expected) would be Poisson's; expected / (1 + expected) is close, and needs no exp */
    return civid__log((1.0f + expected) / expected);
}

/* Small prints have few minutiae, so that any partner surprises: few pairs raise nothing. */
static float enough(int32_t pairs) {
    if (pairs <= CIVID__LOOK_FEW) return 0.0f;
    if (pairs >= CIVID__LOOK_MANY) return 1.0f;
    return (float)(pairs - CIVID__LOOK_FEW) * (1.0f / (CIVID__LOOK_MANY - CIVID__LOOK_FEW));
}

int32_t civid__second_look(const civid__scratch_t *t, int32_t raw) {
    if (raw <= CIVID__LOOK_FROM) return raw;
    float sum = 0.0f;
    for (int32_t k = 0; k < t->features.pairs; k++)
        sum += surprise(t, t->pair_a[k], t->pair_b[k]);
    const float mean = sum / (float)t->features.pairs;
    float change = CIVID__LOOK_GAIN * (mean - CIVID__LOOK_PLAIN);
    if (change < CIVID__LOOK_LEAST) change = CIVID__LOOK_LEAST;
    if (change > CIVID__LOOK_MOST) change = CIVID__LOOK_MOST;
    if (change > 0.0f) change *= enough(t->features.pairs);
    const float above = (float)(raw - CIVID__LOOK_FROM);
    const float ramp = above * (1.0f / CIVID__LOOK_RAMP);
    const float changed = above + (ramp < 1.0f ? ramp : 1.0f) * change;
    const float kept = CIVID__LOOK_KEPT * above;
    return CIVID__LOOK_FROM + (int32_t)(changed > kept ? changed : kept);
}
