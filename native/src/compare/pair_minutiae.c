/* pair_minutiae.c - lay one print on the other and pair what falls together, bending where pairs
 * show it. */
#include <math.h>
#include <string.h>

#include "compare/compare_stages.h"
#include "kernels.h"

civid__movement_t civid__movement_of(const civid__scratch_t *t) {
    const int32_t n = t->features.pairs;
    const float share = 1.0f / (float)n, weight = t->with->rotation_weight;
    float ax = 0, ay = 0, bx = 0, by = 0, c = 0, s = 0;
    for (int32_t k = 0; k < n; k++) {
        ax += t->a.x[t->pair_a[k]], ay += t->a.y[t->pair_a[k]];
        bx += t->b.x[t->pair_b[k]], by += t->b.y[t->pair_b[k]];
    }
    ax *= share, ay *= share, bx *= share, by *= share;
    for (int32_t k = 0; k < n; k++) {
        const int32_t i = t->pair_a[k], j = t->pair_b[k];
        const float ux = t->a.x[i] - ax, uy = t->a.y[i] - ay;
        const float vx = t->b.x[j] - bx, vy = t->b.y[j] - by;
        c += ux * vx + uy * vy;
        s += ux * vy - uy * vx;
        c += weight * (t->a.c[i] * t->b.c[j] + t->a.s[i] * t->b.s[j]);
        s += weight * (t->a.c[i] * t->b.s[j] - t->a.s[i] * t->b.c[j]);
    }
    const float length = sqrtf(c * c + s * s);
    civid__movement_t m = {1.0f, 0.0f, 0.0f, 0.0f};
    if (length > 1e-6f) m.c = c / length, m.s = s / length;
    m.x = bx - (m.c * ax - m.s * ay);
    m.y = by - (m.s * ax + m.c * ay);
    return m;
}

void civid__move(civid__scratch_t *t, int32_t n, civid__movement_t m) {
    for (int32_t i = 0; i < n; i++) {
        t->px[i] = m.c * t->a.x[i] - m.s * t->a.y[i] + m.x;
        t->py[i] = m.s * t->a.x[i] + m.c * t->a.y[i] + m.y;
        t->pc[i] = m.c * t->a.c[i] - m.s * t->a.s[i];
        t->ps[i] = m.s * t->a.c[i] + m.c * t->a.s[i];
    }
}

static void shell_sort_down(uint32_t *v, int32_t n) {
    static const int32_t gaps[] = {3280, 1093, 364, 121, 40, 13, 4, 1};
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++)
        for (int32_t i = gaps[g]; i < n; i++) {
            const uint32_t value = v[i];
            int32_t j = i;
            for (; j >= gaps[g] && v[j - gaps[g]] < value; j -= gaps[g]) v[j] = v[j - gaps[g]];
            v[j] = value;
        }
}

/* offer: value in the upper 16 bits, then both indices. */
static int32_t offers(civid__scratch_t *t, int32_t n, int32_t m, float distance) {
    const float far = 1.0f / (distance * distance);
    const float wide = 1.0f / (t->with->pair_direction * t->with->pair_direction);
    int32_t count = 0;
    civid__near_fn *near = civid__kernels()->near;
    uint8_t hits[CIVID__SIDE];
    for (int32_t i = 0; i < n; i++) {
        const int32_t found = near(t, i, m, distance, hits);
        for (int32_t k = 0; k < found && count < CIVID__MAX_OFFERS; k++) {
            const int32_t j = hits[k];
            const float dx = t->b.x[j] - t->px[i], dy = t->b.y[j] - t->py[i];
            const float d2 = dx * dx + dy * dy;
            const float turn = 2.0f - 2.0f * (t->b.c[j] * t->pc[i] + t->b.s[j] * t->ps[i]);
            const float fit = (1.0f - d2 * far) * (1.0f - turn * wide);
            const int32_t alike = 192 - (int32_t)t->distance[(size_t)i * t->stride + j];
            const int32_t value = (int32_t)(fit * (float)alike * 64.0f);
            if (value <= 0) continue;
            t->offer[count++] =
                (uint32_t)value << 16 | (uint32_t)(255 - i) << 8 | (uint32_t)(255 - j);
        }
    }
    return count;
}

static void take(civid__scratch_t *t, int32_t count) {
    civid__features_t *f = &t->features;
    const int32_t chance = t->with->code_chance;
    memset(t->used_a, 0, sizeof t->used_a);
    memset(t->used_b, 0, sizeof t->used_b);
    int32_t geometry = 0, evidence = 0;
    f->pairs = 0;
    for (int32_t k = 0; k < count; k++) {
        const int32_t value = (int32_t)(t->offer[k] >> 16);
        const int32_t i = 255 - (int32_t)(t->offer[k] >> 8 & 255), j = 255 - (int32_t)(t->offer[k] & 255);
        if (t->used_a[i] || t->used_b[j]) continue;
        t->used_a[i] = t->used_b[j] = 1;
        t->pair_a[f->pairs] = (uint8_t)i, t->pair_b[f->pairs] = (uint8_t)j;
        f->pairs++;
        const int32_t alike = chance - (int32_t)t->distance[(size_t)i * t->stride + j];
        geometry += value;
        if (alike > 0) evidence += alike * value;
    }
    f->geometry = (float)geometry * (1.0f / 8192);
    f->evidence = (float)evidence * (1.0f / (8192.0f * (float)chance));
}

void civid__pair_near(civid__scratch_t *t, int32_t n, int32_t m, float distance) {
    const int32_t count = offers(t, n, m, distance);
    shell_sort_down(t->offer, count);
    take(t, count);
}

void civid__pair_minutiae(const civid__prepared_t *a, const civid__prepared_t *b,
                          civid__scratch_t *t) {
    civid__features_t *f = &t->features;
    const int32_t rounds = t->with->pairing_rounds;
    f->count_a = a->count, f->count_b = b->count;
    f->pairs = f->chosen;
    for (int32_t round = 0; round < rounds && f->pairs > 0; round++) {
        civid__move(t, a->count, civid__movement_of(t));
        civid__kernels()->bend(t, a->count);
        civid__pair_near(t, a->count, b->count, t->with->pair_distance);
    }
    if (f->pairs > 0) t->movement = civid__movement_of(t);
}
