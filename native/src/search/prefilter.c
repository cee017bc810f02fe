/* prefilter.c - two stages over the references. The coarse one reads 8 bytes a minutia of every
 * reference and keeps one in CIVID__SCAN_SHARE; the fine one asks whether the matched minutiae agree
 * on a movement, and keeps the best. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "kernels.h"
#include "search/arrays/part.h"
#include "search/prefilter.h"
#include "search/scan/scan_scaled.h"

enum {
    TILE = 256,       /* subjects whose codes stay in the cache while the probes take turns */
    BINS = 1024,
    BINS_A_UNIT = 32, /* from -8 to 24 standard deviations */
};

void civid__dense_order(const void *packed, int32_t number, uint8_t *order) {
    const civid__points_t p = civid__packed_points(packed);
    int32_t around[CIVID_MAX_MINUTIAE];
    for (int32_t i = 0; i < p.count; i++) {
        around[i] = 0;
        for (int32_t j = 0; j < p.count; j++) {
            const int32_t x = p.x[i] - p.x[j], y = p.y[i] - p.y[j];
            const int64_t apart = (int64_t)x * x + (int64_t)y * y;
            /* falls from 2^10 to half of it within the reach */
            const int64_t reach = CIVID__DENSE_REACH * CIVID__UNITS_PER_PX, near = reach * reach;
            around[i] += (int32_t)((near << 10) / (near + apart));
        }
    }
    for (int32_t k = 0; k < number; k++) {
        int32_t best = 0;
        for (int32_t i = 1; i < p.count; i++)
            if (around[i] > around[best]) best = i;
        order[k] = (uint8_t)best;
        around[best] = -1;
    }
}

civid_status civid__read_probe(const civid_part_t *probes, int64_t slot, int32_t fingers,
                               civid__probe_t *probe) {
    int64_t finger, last;
    civid_status status = civid__part_fingers(probes, slot, &finger, &last);
    probe->count = 0;
    for (; status == CIVID_OK && finger < last; finger++) {
        civid__finger_t one;
        status = civid__part_finger(probes, finger, &one);
        if (status == CIVID_OK) status = civid__packed_header(one.packed, one.size);
        if (status != CIVID_OK) return status;
        if (one.codes.count == 0) continue;
        int32_t at = probe->count++;
        for (; at > 0 && probe->finger[at - 1].codes.count < one.codes.count; at--) {
            probe->finger[at] = probe->finger[at - 1];
            probe->position[at] = probe->position[at - 1];
        }
        probe->finger[at] = one;
        probe->position[at] = probes->positions[finger];
    }
    for (int32_t i = 0; i < probe->count; i++) {
        probe->first[i] = probe->finger[i].codes;
        if (fingers > 1 && probe->count > 1 && probe->first[i].count > CIVID__MAX_PROBE_MINUTIAE) {
            uint8_t order[CIVID__MAX_PROBE_MINUTIAE];
            civid__dense_order(probe->finger[i].packed, CIVID__MAX_PROBE_MINUTIAE, order);
            for (int32_t k = 0; k < CIVID__MAX_PROBE_MINUTIAE; k++)
                probe->dense[i][k] = probe->finger[i].codes.first[order[k]];
            probe->first[i].first = probe->dense[i];
            probe->first[i].count = CIVID__MAX_PROBE_MINUTIAE;
        }
        probe->unit[i] = civid__scan_unit(probe->first[i].count);
    }
    return status;
}

static inline float coarse(const civid__codes_t *p, const civid__scan_unit_t *unit,
                           const civid__codes_t *r, const civid__kernels_t *kernels) {
    return civid__scan_scaled(kernels->scan(p, r), unit, r->count);
}

static int32_t agreement(const civid__finger_t *p, const civid__finger_t *r,
                         const civid__kernels_t *kernels) {
    uint16_t partner[CIVID__PARTNERS_ROOM];
    const civid__points_t a = civid__packed_points(p->packed), b = civid__packed_points(r->packed);
    kernels->partners(&p->codes, &r->codes, partner);
    return civid__agreement(&a, &b, partner);
}

float civid__fine(const civid__finger_t *p, const civid__finger_t *r) {
    const int32_t agreed = agreement(p, r, civid__kernels());
    return civid__agreement_scale(agreed, p->codes.count, r->codes.count);
}

float civid__stouffer(float sum, int32_t terms) {
    return terms == 0 ? CIVID__NOTHING : terms == 1 ? sum : sum / sqrtf((float)terms);
}

/* One stage's value of one subject. */
static civid_status value_of(const civid__probe_t *probe, const civid_part_t *references,
                             int64_t subject, int32_t fingers, int32_t flags, int second,
                             const civid__kernels_t *kernels, float *value) {
    const int64_t begin = references->first[subject], end = references->first[subject + 1];
    if (begin < 0 || end < begin || end > references->finger_count ||
        end - begin > CIVID_POSITIONS)
        return CIVID_E_COUNT;
    float sum = 0.0f;
    int32_t terms = 0;
    for (int32_t i = 0; i < probe->count && terms < fingers; i++) {
        float best = CIVID__NOTHING;
        for (int64_t j = begin; j < end; j++) {
            if (!civid__comparable(probe->position[i], references->positions[j], flags)) continue;
            civid__finger_t finger;
            civid_status status = civid__part_finger(references, j, &finger);
            if (status == CIVID_OK && second) /* the packed template is read now */
                status = civid__packed_header(finger.packed, finger.size);
            if (status != CIVID_OK) return status;
            if (finger.codes.count == 0) continue;
            const float one =
                second ? civid__fine(&probe->finger[i], &finger)
                       : coarse(&probe->first[i], &probe->unit[i], &finger.codes, kernels);
            if (one > best) best = one;
        }
        if (best > CIVID__NOTHING) sum += best, terms++;
    }
    *value = civid__stouffer(sum, terms);
    return CIVID_OK;
}

static int32_t bin_of(float value) {
    const float place = (value + 8.0f) * BINS_A_UNIT;
    return place < 1.0f ? 0 : place >= BINS ? BINS - 1 : (int32_t)place;
}

/* The lowest bin of which not all need be kept, and how many of it. */
static int32_t cut(const float *values, int64_t count, int64_t keep, int64_t *of_it) {
    int64_t bins[BINS] = {0}, above = 0;
    for (int64_t i = 0; i < count; i++)
        if (values[i] > CIVID__NOTHING) bins[bin_of(values[i])]++;
    int32_t bin = BINS - 1;
    for (; bin > 0 && above + bins[bin] < keep; bin--) above += bins[bin];
    *of_it = keep - above;
    return bin;
}

/* Is this one kept? Of the cut's own bin, the first ones. */
static inline int kept(float value, int32_t bin, int64_t *of_it) {
    if (!(value > CIVID__NOTHING)) return 0;
    const int32_t mine = bin_of(value);
    return mine > bin || (mine == bin && (*of_it)-- > 0);
}

int32_t civid__rank_best(float *values, int64_t count, int64_t wanted, uint16_t *rank) {
    int64_t of_it;
    const int32_t bin = cut(values, count, wanted, &of_it);
    int32_t ranks = 0;
    for (int64_t i = 0; i < count; i++)
        rank[i] = kept(values[i], bin, &of_it) && ranks < UINT16_MAX ? (uint16_t)++ranks : 0;
    return ranks;
}

int64_t civid__best(const float *values, int64_t count, int64_t keep, int64_t begin, int64_t slot,
                    civid_candidate_t *candidates) {
    int64_t of_it, number = 0;
    const int32_t last = cut(values, count, keep, &of_it);
    for (int64_t i = 0; i < count && number < keep; i++)
        if (kept(values[i], last, &of_it)) {
            const civid_candidate_t one = {slot, begin + i, values[i], 1};
            candidates[number++] = one;
        }
    return number;
}

/* The fine stage of the best `wanted` values of subjects begin, begin + 1, ...; the best of these. */
static civid_status second_stage(const civid__probe_t *probe, const civid_part_t *references,
                                 int64_t begin, int64_t count, int32_t fingers, int32_t flags,
                                 float *values, int64_t slot, int64_t wanted, int64_t keep,
                                 civid_candidate_t *candidates, int64_t *found) {
    int64_t of_it;
    const civid__kernels_t *kernels = civid__kernels();
    const int32_t bin = cut(values, count, wanted, &of_it);
    for (int64_t i = 0; i < count; i++) {
        if (!kept(values[i], bin, &of_it)) {
            values[i] = CIVID__NOTHING;
            continue;
        }
        const civid_status status = value_of(probe, references, begin + i, fingers, flags, 1, kernels,
                                         &values[i]);
        if (status != CIVID_OK) return status;
    }
    *found = civid__best(values, count, keep, begin, slot, candidates);
    return CIVID_OK;
}

civid_status civid_prefilter_scratch_size(int64_t probes, int64_t references, uint64_t *size) {
    if (size == NULL) return CIVID_E_NULL;
    if (probes < 0 || probes > CIVID_PREFILTER_MAX_PROBES) return CIVID_E_COUNT;
    if (references < 0 || references > CIVID_PREFILTER_MAX_RANGE) return CIVID_E_COUNT;
    *size = (uint64_t)probes * sizeof(civid__probe_t) +
            (uint64_t)probes * (uint64_t)references * sizeof(float);
    return CIVID_OK;
}

civid_status civid_prefilter(const civid_part_t *probes, const int64_t *slots, int64_t count,
                        const civid_part_t *references, int64_t begin, int64_t end,
                        const int64_t *after, int32_t fingers, int32_t flags, void *scratch,
                        uint64_t scratch_size, int64_t keep, civid_candidate_t *candidates,
                        int64_t *counts) {
    civid__clear_counts(counts, count);
    civid_status status = civid__part_check(probes, 0, 0, 1);
    if (status == CIVID_OK) status = civid__part_check(references, begin, end, 1);
    if (status != CIVID_OK) return status;
    if (fingers < 1 || (flags & ~CIVID_PREFILTER_ANY_FINGER)) return CIVID_E_VALUE;
    const int64_t range = end - begin;
    uint64_t needed;
    status = civid_prefilter_scratch_size(count, range, &needed);
    if (status != CIVID_OK) return status;
    if (count == 0) return CIVID_OK;
    if (slots == NULL || scratch == NULL || candidates == NULL || counts == NULL)
        return CIVID_E_NULL;
    if (keep < 1 || keep > CIVID_PREFILTER_MAX_RANGE || scratch_size < needed) return CIVID_E_CAPACITY;
    if ((uintptr_t)scratch & 63) return CIVID_E_VALUE;

    civid__probe_t *const ready = scratch;
    float *const values = (float *)(void *)(ready + count);
    for (int64_t p = 0; p < count; p++) {
        if (slots[p] < 0 || slots[p] >= probes->subject_count) return CIVID_E_COUNT;
        status = civid__read_probe(probes, slots[p], fingers, &ready[p]);
        if (status != CIVID_OK) return status;
    }
    const civid__kernels_t *kernels = civid__kernels();
    for (int64_t tile = begin; tile < end; tile += TILE) {
        const int64_t stop = tile + TILE < end ? tile + TILE : end;
        for (int64_t p = 0; p < count; p++)
            for (int64_t s = tile; s < stop; s++) {
                float *value = &values[p * range + s - begin];
                *value = CIVID__NOTHING;
                if (!civid__part_alive(references, s) || (after && s < after[p])) continue;
                status = value_of(&ready[p], references, s, fingers, flags, 0, kernels, value);
                if (status != CIVID_OK) return status;
            }
    }
    for (int64_t p = 0; p < count; p++) {
        const int32_t several = ready[p].count > 1 && fingers > 1;
        int64_t wanted = range / (several ? 4 * CIVID__SCAN_SHARE : CIVID__SCAN_SHARE);
        if (wanted < CIVID__FINE_LEAST) wanted = CIVID__FINE_LEAST;
        if (wanted < CIVID__SCAN_TIMES * keep) wanted = CIVID__SCAN_TIMES * keep;
        status = second_stage(&ready[p], references, begin, range, fingers, flags,
                              values + p * range, slots[p], wanted, keep,
                              candidates + p * keep, &counts[p]);
        if (status != CIVID_OK) return status;
    }
    return CIVID_OK;
}

civid_status civid_prefilter_measure(const civid_part_t *probes, int64_t probe,
                                const civid_part_t *references, int64_t reference, int32_t *scan,
                                int32_t *agree) {
    if (scan == NULL || agree == NULL) return CIVID_E_NULL;
    civid_status status = civid__part_check(probes, 0, 0, 1);
    if (status == CIVID_OK) status = civid__part_check(references, 0, 0, 1);
    if (status != CIVID_OK) return status;
    if (probe < 0 || probe >= probes->finger_count || reference < 0 ||
        reference >= references->finger_count)
        return CIVID_E_COUNT;
    civid__finger_t p, r;
    status = civid__part_finger(probes, probe, &p);
    if (status == CIVID_OK) status = civid__part_finger(references, reference, &r);
    if (status == CIVID_OK) status = civid__packed_header(p.packed, p.size);
    if (status == CIVID_OK) status = civid__packed_header(r.packed, r.size);
    if (status != CIVID_OK) return status;
    *scan = civid__kernels()->scan(&p.codes, &r.codes);
    *agree = r.codes.count > 0 ? agreement(&p, &r, civid__kernels()) : 0;
    return CIVID_OK;
}
