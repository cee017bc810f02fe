/* inverted_prefilter.c - the coarse stage through an inverted index; the fine one is prefilter.c's. */
#include <stddef.h>

#include "search/inverted/inverted.h"
#include "search/arrays/part.h"
#include "search/prefilter.h"

/* What a probe reaches with every subject of the lists. */
typedef struct {
    float *values;   /* CIVID__NOTHING: passed over */
    uint8_t *terms;  /* fingers taken */
    uint32_t *state; /* of one finger of the probe with all fingers */
} coarse_t;

/* The best value of one finger of the probe with those of a subject. */
static civid_status best_of(const civid__probe_t *probe, int32_t i, const civid_part_t *references,
                            int64_t subject, const civid__inverted_t *lists,
                            const civid__inverted_scale_t *scale, int32_t flags,
                            const uint32_t *state, float *best) {
    const int64_t end = references->first[subject + 1];
    *best = CIVID__NOTHING;
    for (int64_t j = references->first[subject]; j < end; j++) {
        if (!civid__comparable(probe->position[i], references->positions[j], flags)) continue;
        civid__finger_t finger;
        const civid_status status = civid__part_finger(references, j, &finger);
        if (status != CIVID_OK) return status;
        if (finger.codes.count == 0) continue;
        const float one = civid__inverted_scaled(scale, state[j - lists->first_finger] >> 16, finger.codes.count);
        if (one > *best) *best = one;
    }
    return CIVID_OK;
}

/* A finger of the probe at a time, until every subject has had enough of them. */
static civid_status coarse_stage(const civid__probe_t *probe, const uint64_t *codes,
                                 const uint16_t *nearest, int32_t cells,
                                 const civid_part_t *references, const civid__inverted_t *lists,
                                 int64_t after, int32_t fingers, int32_t flags,
                                 coarse_t *coarse) {
    const int64_t count = lists->end - lists->begin;
    int64_t open = 0;
    for (int64_t s = 0; s < count; s++) {
        const int64_t subject = lists->begin + s;
        const int there = civid__part_alive(references, subject) && subject >= after;
        coarse->values[s] = there ? 0.0f : CIVID__NOTHING;
        coarse->terms[s] = 0;
        open += there;
    }
    for (int32_t i = 0; i < probe->count && open > 0; i++) {
        const civid__codes_t *mine = &probe->finger[i].codes;
        const civid__inverted_scale_t scale = civid__inverted_scale(mine->count, cells);
        civid__inverted_sums(lists, mine, nearest + (mine->first - codes) * cells, cells,
                             coarse->state);
        for (int64_t s = 0; s < count; s++) {
            if (!(coarse->values[s] > CIVID__NOTHING) || coarse->terms[s] >= fingers) continue;
            float best;
            const civid_status status = best_of(probe, i, references, lists->begin + s, lists,
                                                &scale, flags, coarse->state, &best);
            if (status != CIVID_OK) return status;
            if (!(best > CIVID__NOTHING)) continue;
            coarse->values[s] += best;
            if (++coarse->terms[s] == fingers) open--;
        }
    }
    for (int64_t s = 0; s < count; s++)
        if (coarse->values[s] > CIVID__NOTHING)
            coarse->values[s] = coarse->terms[s] ? civid__stouffer(coarse->values[s], coarse->terms[s])
                                             : CIVID__NOTHING;
    return CIVID_OK;
}

/* The lists belong to this part: the same fingers, subject by subject. */
static civid_status same_range(const civid_part_t *references, const civid__inverted_t *lists) {
    const civid_status status = civid__part_check(references, lists->begin, lists->end, 1);
    if (status != CIVID_OK) return status;
    const int64_t last = lists->first_finger + lists->fingers;
    if (references->first[lists->begin] != lists->first_finger ||
        references->first[lists->end] != last || last > references->finger_count)
        return CIVID_E_COUNT;
    for (int64_t s = lists->begin; s < lists->end; s++)
        if (references->first[s] > references->first[s + 1] ||
            references->first[s + 1] - references->first[s] > CIVID_POSITIONS)
            return CIVID_E_COUNT;
    return CIVID_OK;
}

civid_status civid_inverted_scratch_size(int64_t references, int64_t fingers, uint64_t *size) {
    if (size == NULL) return CIVID_E_NULL;
    if (references < 0 || references > CIVID_PREFILTER_MAX_RANGE) return CIVID_E_COUNT;
    if (fingers < 0 || fingers > 65536) return CIVID_E_COUNT;
    *size = (uint64_t)references * (sizeof(float) + 1) + (uint64_t)fingers * sizeof(uint32_t);
    return CIVID_OK;
}

civid_status civid_inverted_prefilter(const civid_part_t *probes, const int64_t *slots, int64_t count,
                              const uint16_t *nearest, uint64_t items, int32_t cells,
                              const civid_part_t *references, const void *buffer, uint64_t size,
                              const int64_t *after, int32_t fingers, int32_t flags, void *scratch,
                              uint64_t scratch_size, int64_t keep, civid_candidate_t *candidates,
                              int64_t *counts) {
    civid__clear_counts(counts, count);
    civid__inverted_t lists;
    civid_status status = civid__part_check(probes, 0, 0, 1);
    if (status == CIVID_OK) status = civid__inverted_open(buffer, size, &lists);
    if (status == CIVID_OK) status = same_range(references, &lists);
    if (status != CIVID_OK) return status;
    if (fingers < 1 || (flags & ~CIVID_PREFILTER_ANY_FINGER) || !civid__inverted_cells(cells))
        return CIVID_E_VALUE;
    const int64_t range = lists.end - lists.begin;
    uint64_t needed, used = 0;
    status = civid_inverted_scratch_size(range, lists.fingers, &needed);
    if (status != CIVID_OK) return status;
    if (count < 0 || count > CIVID_PREFILTER_MAX_PROBES) return CIVID_E_COUNT;
    if (count == 0) return CIVID_OK;
    if (slots == NULL || nearest == NULL || scratch == NULL || candidates == NULL || counts == NULL)
        return CIVID_E_NULL;
    if (keep < 1 || keep > CIVID_PREFILTER_MAX_RANGE || scratch_size < needed) return CIVID_E_CAPACITY;
    if ((uintptr_t)scratch & 63) return CIVID_E_VALUE;

    coarse_t coarse;
    coarse.state = scratch;
    coarse.values = (float *)(void *)(coarse.state + lists.fingers);
    coarse.terms = (uint8_t *)(coarse.values + range);
    int64_t wanted = range / CIVID__INVERTED_SHARE;
    if (wanted < CIVID__FINE_LEAST) wanted = CIVID__FINE_LEAST;
    if (wanted < CIVID__INVERTED_TIMES * keep) wanted = CIVID__INVERTED_TIMES * keep;
    for (int64_t p = 0; p < count; p++) {
        if (slots[p] < 0 || slots[p] >= probes->subject_count) return CIVID_E_COUNT;
        civid__probe_t probe;
        status = civid__read_probe(probes, slots[p], 1, &probe);
        if (status != CIVID_OK) return status;
        const uint64_t *codes = NULL; /* of its first finger: nearest begins there */
        uint64_t mine = 0;
        for (int32_t i = 0; i < probe.count; i++) {
            const civid__codes_t *one = &probe.finger[i].codes;
            if (codes == NULL || one->first < codes) codes = one->first;
            mine += (uint64_t)one->count * (uint64_t)cells;
        }
        for (int32_t i = 0; i < probe.count; i++) {
            const civid__codes_t *one = &probe.finger[i].codes;
            const uint64_t stop = (uint64_t)(one->first - codes + one->count) * (uint64_t)cells;
            if (stop > mine) return CIVID_E_CAPACITY; /* fingers that do not lie together */
        }
        if (mine > items - used) return CIVID_E_CAPACITY;
        status = coarse_stage(&probe, codes, nearest + used, cells, references, &lists,
                              after == NULL ? 0 : after[p], fingers, flags, &coarse);
        if (status == CIVID_OK)
            status = civid__second_stage(&probe, references, lists.begin, range, fingers, flags,
                                         coarse.values, slots[p], wanted, keep,
                                         candidates + p * keep, &counts[p]);
        if (status != CIVID_OK) return status;
        used += mine;
    }
    return CIVID_OK;
}
