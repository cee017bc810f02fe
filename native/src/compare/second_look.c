/* second_look.c - are these pairs more than chance brings together? Asked only where a comparison
 * seems to be one of the rarest of impostors (about one in 3,000), so that it costs a search nothing.
 *
 * Long whorls and narrow loops have a column of minutiae along their axis, all with one direction.
 * Laid over each other, two of them find partners for most, whoever they belong to: a partner at
 * 8 px is no surprise where a minutia of that direction stands every 15. So each pair is asked how
 * surprising it is that a minutia at least as near was there: -log of the chance, given how dense
 * minutiae of its direction stand around it in both prints. Mates average 2.8, such impostors 1.8.
 * In dB the mean above or below look_plain counts look_gain times, within bounds, and never so
 * much that order above look_from is lost to what lies below it. (docs/explain/score.md) */
#include <math.h>

#include "compare/compare_stages.h"
#include "mathf.h"

/* What one minutia at this distance adds to the density around a point; share: 1 / reach^2.
 * Integral over the plane: pi times reach^2. */
static inline float near_by(float dx, float dy, float share) {
    const float near = 1.0f / (1.0f + (dx * dx + dy * dy) * share);
    return near * near;
}

/* Do a (moved onto b) and b point the same way, as far as pairing asks? */
static inline int32_t parallel(const civid__scratch_t *t, int32_t i, int32_t j) {
    const float turn = 2.0f - 2.0f * (t->b.c[j] * t->pc[i] + t->b.s[j] * t->ps[i]);
    return turn <= t->with->pair_direction * t->with->pair_direction;
}

static float surprise(const civid__scratch_t *t, int32_t i, int32_t j) {
    const float share = 1.0f / (t->with->look_reach * t->with->look_reach);
    const float noise = t->with->look_noise * t->with->look_noise;
    float in_a = 0.0f, in_b = 0.0f;
    for (int32_t k = 0; k < t->features.count_a; k++)
        if (parallel(t, k, j)) in_a += near_by(t->b.x[j] - t->px[k], t->b.y[j] - t->py[k], share);
    for (int32_t k = 0; k < t->features.count_b; k++)
        if (parallel(t, i, k)) in_b += near_by(t->b.x[k] - t->px[i], t->b.y[k] - t->py[i], share);
    const float dx = t->b.x[j] - t->px[i], dy = t->b.y[j] - t->py[i];
    const float density = sqrtf(in_a * in_b) * share;
    const float expected = density * (dx * dx + dy * dy + noise);
    /* 1 - exp(-expected) would be Poisson's; expected / (1 + expected) is close, and needs no exp */
    return civid__log((1.0f + expected) / expected);
}

/* Small prints have few minutiae, so that any partner surprises: few pairs raise nothing. */
static float enough(int32_t pairs, int32_t few, int32_t many) {
    if (pairs <= few) return 0.0f;
    if (pairs >= many) return 1.0f;
    return (float)(pairs - few) * (1.0f / (float)(many - few));
}

int32_t civid__second_look(const civid__scratch_t *t, int32_t raw) {
    const civid_comparator_t *with = t->with;
    if (raw <= with->look_from || t->features.pairs < 1) return raw;
    float sum = 0.0f;
    for (int32_t k = 0; k < t->features.pairs; k++)
        sum += surprise(t, t->pair_a[k], t->pair_b[k]);
    const float mean = sum / (float)t->features.pairs;
    float change = with->look_gain * (mean - with->look_plain);
    if (change < with->look_least) change = with->look_least;
    if (change > with->look_most) change = with->look_most;
    if (change > 0.0f) change *= enough(t->features.pairs, with->look_few, with->look_many);
    const float above = (float)(raw - with->look_from);
    const float ramp = above * (1.0f / with->look_ramp);
    const float changed = above + (ramp < 1.0f ? ramp : 1.0f) * change;
    const float kept = with->look_kept * above;
    return with->look_from + (int32_t)(changed > kept ? changed : kept);
}
