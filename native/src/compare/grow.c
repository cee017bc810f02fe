/* grow.c - a pairing that grows outwards, where a similarity is one that few strangers reach.
 *
 * A finger that was pulled aside moved here so and there otherwise; the pairs of the strongest cluster
 * show the one movement alone. So candidates that were left over and agree among themselves join
 * the pairs; then each minutia is moved as the pairs around it say, in place, turn and scale (a
 * similarity fitted to what they are off by, the nearer the more), and paired anew. What comes of
 * it counts where it is more than was there: mates gain, strangers find next to nothing. One stranger
 * in fifty comes here. (docs/explain/comparison.md) */
#include <math.h>
#include <string.h>

#include "compare/compare_stages.h"
#include "kernels.h"

/* As in cluster.c, among the candidates that the pairs have left over. */
static int32_t join(civid__scratch_t *t) {
    float support[CIVID__MAX_CANDIDATES] = {0};
    uint8_t used_a[CIVID__SIDE], used_b[CIVID__SIDE];
    memcpy(used_a, t->used_a, sizeof used_a);
    memcpy(used_b, t->used_b, sizeof used_b);
    const int32_t pairs = t->features.pairs;
    int32_t chosen = 0;
    for (;; chosen++) {
        const float least = t->with->grow_support * (float)chosen;
        int32_t best = -1;
        float most = 0.0f;
        for (int32_t q = 0; q < t->candidates; q++) {
            if (used_a[t->candidate_a[q]] || used_b[t->candidate_b[q]]) continue;
            if (support[q] < least) continue;
            const float value = (chosen > 0 ? support[q] : 1.0f) * t->weight[q];
            if (value > most) most = value, best = q;
        }
        if (best < 0) break;
        t->pair_a[pairs + chosen] = t->candidate_a[best];
        t->pair_b[pairs + chosen] = t->candidate_b[best];
        used_a[t->candidate_a[best]] = used_b[t->candidate_b[best]] = 1;
        const float *row = t->compatible + (size_t)best * CIVID__MAX_CANDIDATES;
        for (int32_t q = 0; q < t->candidates; q++) support[q] += row[q];
    }
    if (chosen < t->with->grow_cluster) return 0;
    t->features.pairs += chosen;
    return 1;
}

/* What the pairs say of the place around one minutia, itself left out: with d from it to the pair and
 * r what the pair is off by, the shift s and the turn and scale z (complex numbers) for which the sum
 * of w |r - s - z d|^2 + prior |s|^2 + stiffness |z|^2 is least. */
typedef struct {
    float w, dx, dy, dd, rx, ry, zx, zy;
} sums_t;

static sums_t word_of(const civid__scratch_t *t, int32_t i, const float *x, const float *y,
                      const float *rx, const float *ry) {
    const float reach = 1.0f / (t->with->grow_reach * t->with->grow_reach);
    sums_t sum = {t->with->grow_prior, 0, 0, t->with->grow_stiffness, 0, 0, 0, 0};
    for (int32_t k = 0; k < t->features.pairs; k++) {
        if (t->pair_a[k] == i) continue;
        const float dx = x[k] - t->px[i], dy = y[k] - t->py[i];
        const float d2 = dx * dx + dy * dy, near = 1.0f / (1.0f + d2 * reach), w = near * near;
        sum.w += w, sum.dd += w * d2;
        sum.dx += w * dx, sum.dy += w * dy;
        sum.rx += w * rx[k], sum.ry += w * ry[k];
        sum.zx += w * (dx * rx[k] + dy * ry[k]);
        sum.zy += w * (dx * ry[k] - dy * rx[k]);
    }
    return sum;
}

/* px, py, pc, ps: each minutia of a moved as the pairs around it say. */
static void move_apart(civid__scratch_t *t, int32_t n) {
    const int32_t pairs = t->features.pairs;
    float x[CIVID__SIDE], y[CIVID__SIDE], rx[CIVID__SIDE], ry[CIVID__SIDE];
    float to_x[CIVID__SIDE], to_y[CIVID__SIDE];
    civid__move(t, n, civid__movement_of(t));
    for (int32_t k = 0; k < pairs; k++) {
        x[k] = t->px[t->pair_a[k]], y[k] = t->py[t->pair_a[k]];
        rx[k] = t->b.x[t->pair_b[k]] - x[k], ry[k] = t->b.y[t->pair_b[k]] - y[k];
    }
    for (int32_t i = 0; i < n; i++) {
        const sums_t v = word_of(t, i, x, y, rx, ry);
        /* above 0: the priors are */
        const float share = 1.0f / (v.w * v.dd - (v.dx * v.dx + v.dy * v.dy));
        to_x[i] = t->px[i] + (v.rx * v.dd - (v.dx * v.zx - v.dy * v.zy)) * share;
        to_y[i] = t->py[i] + (v.ry * v.dd - (v.dx * v.zy + v.dy * v.zx)) * share;
        float c = 1.0f + (v.w * v.zx - (v.dx * v.rx + v.dy * v.ry)) * share;
        float s = (v.w * v.zy - (v.dx * v.ry - v.dy * v.rx)) * share;
        const float length = sqrtf(c * c + s * s);
        if (!(length > 0.1f)) continue; /* shrunk to a point: no turn */
        c /= length, s /= length;
        const float pc = t->pc[i], ps = t->ps[i];
        t->pc[i] = c * pc - s * ps, t->ps[i] = s * pc + c * ps;
    }
    memcpy(t->px, to_x, (size_t)n * sizeof *to_x);
    memcpy(t->py, to_y, (size_t)n * sizeof *to_y);
}

static void pair_again(civid__scratch_t *t, int32_t n, int32_t m) {
    const civid_comparator_t *with = t->with;
    civid__features_t *f = &t->features;
    if (join(t))
        for (int32_t round = 0; round < with->pairing_rounds && f->pairs > 0; round++) {
            civid__move(t, n, civid__movement_of(t));
            civid__kernels()->bend(t, n);
            civid__pair_near(t, n, m, with->pair_distance);
        }
    for (int32_t round = 0; round < with->grow_rounds && f->pairs > 0; round++) {
        move_apart(t, n);
        civid__pair_near(t, n, m, with->grow_distance);
    }
    if (f->pairs > 0) t->movement = civid__movement_of(t);
}

int32_t civid__grow(const civid__prepared_t *a, const civid__prepared_t *b, civid__scratch_t *t,
                    int32_t raw) {
    if (raw <= t->with->grow_from || t->features.pairs < 2) return raw;
    const civid__features_t features = t->features;
    const civid__movement_t movement = t->movement;
    const size_t moved = (size_t)a->count * sizeof *t->px;
    memcpy(t->kept_x, t->px, moved), memcpy(t->kept_y, t->py, moved);
    memcpy(t->kept_c, t->pc, moved), memcpy(t->kept_s, t->ps, moved);
    memcpy(t->kept_a, t->pair_a, sizeof t->kept_a), memcpy(t->kept_b, t->pair_b, sizeof t->kept_b);
    pair_again(t, a->count, b->count);
    t->features.area = t->features.types = 0;
    civid__common_area(a, b, t);
    const int32_t grown = civid__raw(&t->features);
    if (grown > raw) return grown;
    t->features = features, t->movement = movement;
    memcpy(t->px, t->kept_x, moved), memcpy(t->py, t->kept_y, moved);
    memcpy(t->pc, t->kept_c, moved), memcpy(t->ps, t->kept_s, moved);
    memcpy(t->pair_a, t->kept_a, sizeof t->kept_a), memcpy(t->pair_b, t->kept_b, sizeof t->kept_b);
    memset(t->used_a, 0, sizeof t->used_a), memset(t->used_b, 0, sizeof t->used_b);
    for (int32_t k = 0; k < features.pairs; k++) t->used_a[t->pair_a[k]] = t->used_b[t->pair_b[k]] = 1;
    return raw;
}
