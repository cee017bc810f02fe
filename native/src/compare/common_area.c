/* common_area.c - what the minutiae that both prints could show say, paired or alone.
 *
 * A good minutia well inside the other print finds its partner in nearly every mated comparison, and
 * in three of ten between strangers, good or not. So each minutia inside the other's hull adds the
 * log of how much likelier its fate is in mates, by its quality and by how deep inside it lies;
 * each pair adds the same for whether its types agree, by the lower quality (evidence_table.h; unknown
 * quality has the ratios of all, an unknown type adds nothing). In whole 64ths of a nat, so that no
 * order of adding matters. (docs/explain/comparison.md) */
#include "compare/compare_stages.h"
#include "kernels.h"
#include "tables/evidence_table.h"

/* Column of the tables: quality in tens, unknown last. */
static inline int32_t column(uint8_t quality) {
    const int32_t tens = quality < 90 ? quality / 10 : 9;
    return quality == 0 ? CIVID__UNKNOWN : tens;
}

/* Adds to area; returns how many lie inside. Without branches: who is where cannot be foretold. */
static int32_t weigh(const float *out, int32_t n, float margin, const uint8_t *quality,
                     const uint8_t *used, int32_t *area) {
    int32_t count = 0, sum = 0;
    for (int32_t i = 0; i < n; i++) {
        const float depth = margin - out[i];
        const int32_t in = depth >= 0.0f;
        const int32_t deep = (depth >= CIVID__DEPTH_1) + (depth >= CIVID__DEPTH_2) +
                             (depth >= CIVID__DEPTH_3);
        sum += -in & civid__area_evidence[deep][column(quality[i])][used[i]];
        count += in;
    }
    *area += sum;
    return count;
}

static civid__movement_t backwards(civid__movement_t m) {
    const civid__movement_t back = {m.c, -m.s, -(m.c * m.x + m.s * m.y), m.s * m.x - m.c * m.y};
    return back;
}

void civid__common_area(const civid__prepared_t *a, const civid__prepared_t *b,
                        civid__scratch_t *t) {
    civid__features_t *f = &t->features;
    if (f->pairs < 1) return;
    const float margin = t->with->hull_margin;
    const uint8_t *quality_a = civid__qualities(a), *quality_b = civid__qualities(b);
    const uint8_t *kind_a = civid__kinds(a), *kind_b = civid__kinds(b);
    civid__outside_fn *outside = civid__kernels()->outside;
    CIVID_ALIGNED(64) float out[CIVID__SIDE];
    outside(&t->a, a->count, t->movement, b->support, out);
    f->overlap_a = weigh(out, a->count, margin, quality_a, t->used_a, &f->area);
    outside(&t->b, b->count, backwards(t->movement), a->support, out);
    f->overlap_b = weigh(out, b->count, margin, quality_b, t->used_b, &f->area);
    for (int32_t k = 0; k < f->pairs; k++) {
        const int32_t i = t->pair_a[k], j = t->pair_b[k];
        if (!kind_a[i] || !kind_b[j]) continue;
        const uint8_t lower = quality_a[i] < quality_b[j] ? quality_a[i] : quality_b[j];
        f->types += civid__type_evidence[column(lower)][kind_a[i] == kind_b[j]];
    }
}
