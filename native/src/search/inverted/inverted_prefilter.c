/* inverted_prefilter.c - both stages through inverted lists: nothing but the lists is read of a
 * reference, and of the few that get to the fine stage where their minutiae are. */
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "search/arrays/part.h"
#include "search/inverted/inverted.h"
#include "search/prefilter.h"

enum { SAMPLE = 1024 }; /* so many subjects or more say how much sums scatter */

/* A probe: its fingers, those with most minutiae first, and what each asks. */
typedef struct {
    int32_t count;
    uint8_t position[CIVID_POSITIONS];
    civid__finger_t finger[CIVID_POSITIONS];
    civid__asked_t asked[CIVID_POSITIONS];
} query_t;

/* One array an item a subject, but the last one. */
typedef struct {
    uint32_t *state;   /* of one finger of the probe */
    float *values;     /* of the coarse stage; CIVID__NOTHING: passed over */
    float *fine;
    float *best;       /* of one finger of the probe, in any of the subject's that it may be */
    uint8_t *terms;    /* fingers taken */
    uint16_t *rank;    /* 1 ...: gets to the fine stage */
    uint16_t *partner; /* for each of these and each minutia that is asked */
} work_t;

static civid_status read_query(const civid_part_t *probes, int64_t slot, int32_t fingers,
                               int32_t cells, const uint16_t *asked, uint64_t items,
                               uint64_t *used, query_t *query) {
    int64_t begin, last;
    civid_status status = civid__part_fingers(probes, slot, &begin, &last);
    if (status != CIVID_OK) return status;
    const int32_t most = civid__inverted_most(fingers > 1 && last - begin > 1);
    query->count = 0;
    for (int64_t finger = begin; finger < last; finger++) {
        civid__finger_t one;
        status = civid__part_finger(probes, finger, &one);
        if (status == CIVID_OK) status = civid__packed_header(one.packed, one.size);
        if (status != CIVID_OK) return status;
        const int32_t number = one.codes.count < most ? one.codes.count : most;
        const uint64_t mine = (uint64_t)number * (1 + (uint64_t)cells);
        if (items - *used < mine) return CIVID_E_CAPACITY;
        const civid__asked_t row = {asked + *used, number, cells};
        for (int32_t k = 0; k < number; k++)
            if (row.row[k * (1 + cells)] >= one.codes.count) return CIVID_E_COUNT;
        *used += mine;
        if (number == 0) continue;
        int32_t at = query->count++;
        for (; at > 0 && query->finger[at - 1].codes.count < one.codes.count; at--) {
            query->finger[at] = query->finger[at - 1];
            query->position[at] = query->position[at - 1];
            query->asked[at] = query->asked[at - 1];
        }
        query->finger[at] = one;
        query->position[at] = probes->positions[finger];
        query->asked[at] = row;
    }
    return CIVID_OK;
}

/* Sums on the scale of this probe's impostors: what they reach grows with their minutiae, and so
 * does its variance. Both are taken from these subjects themselves, nearly all of them strangers. */
static void scale(const civid__list_t *list, const uint32_t *state, int32_t subjects,
                  float level[256], float unit[256]) {
    int64_t sum = 0, minutiae = 0, sampled = 0;
    double spread = 0.0;
    for (int32_t s = 0; s < subjects; s++) {
        sum += list->counts[s] ? state[s] >> 16 : 0;
        minutiae += list->counts[s];
    }
    const double rate = minutiae > 0 ? (double)sum / (double)minutiae : 0.0;
    const int32_t step = subjects < 2 * SAMPLE ? 1 : subjects / SAMPLE;
    for (int32_t s = 0; s < subjects; s += step) {
        if (list->counts[s] == 0) continue;
        const double off = (double)(state[s] >> 16) - rate * list->counts[s];
        spread += off * off / list->counts[s];
        sampled++;
    }
    spread = sampled > 0 && spread > 0.0 ? spread / (double)sampled : 1.0;
    for (int32_t m = 1; m < 256; m++) {
        level[m] = (float)(rate * m);
        unit[m] = (float)(1.0 / sqrt(spread * m));
    }
}

/* May a finger of the probe be one of these? */
static int asks(const query_t *query, int32_t i, const civid__inverted_t *lists, int32_t position,
                int32_t flags) {
    return lists->list[position].minutiae > 0 &&
           civid__comparable(query->position[i], position, flags);
}

static int wants(const work_t *work, int32_t s, int32_t fingers) {
    return work->values[s] > CIVID__NOTHING && work->terms[s] < fingers;
}

/* One finger of the probe: each subject's best value among its fingers that this one may be. */
static void coarse_finger(const query_t *query, int32_t i, const civid__inverted_t *lists,
                          int32_t fingers, int32_t flags, work_t *work) {
    const int32_t count = lists->subjects;
    for (int32_t s = 0; s < count; s++) work->best[s] = CIVID__NOTHING;
    for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
        if (!asks(query, i, lists, j, flags)) continue;
        const civid__list_t *list = &lists->list[j];
        civid__inverted_sums(list, count, &query->finger[i].codes, &query->asked[i], work->state);
        float level[256], unit[256];
        scale(list, work->state, count, level, unit);
        for (int32_t s = 0; s < count; s++) {
            const int32_t m = list->counts[s];
            if (m == 0 || !wants(work, s, fingers)) continue;
            const float value = ((float)(work->state[s] >> 16) - level[m]) * unit[m];
            if (value > work->best[s]) work->best[s] = value;
        }
    }
}

/* A finger of the probe at a time, until every subject has had enough of them. */
static void coarse_stage(const query_t *query, const civid_part_t *references, int64_t begin,
                         const civid__inverted_t *lists, int64_t after, int32_t fingers,
                         int32_t flags, work_t *work) {
    const int32_t count = lists->subjects;
    int64_t open = 0;
    for (int32_t s = 0; s < count; s++) {
        const int there = civid__part_alive(references, begin + s) && begin + s >= after;
        work->values[s] = there ? 0.0f : CIVID__NOTHING;
        work->terms[s] = 0;
        open += there;
    }
    for (int32_t i = 0; i < query->count && open > 0; i++) {
        coarse_finger(query, i, lists, fingers, flags, work);
        for (int32_t s = 0; s < count; s++) {
            if (!(work->best[s] > CIVID__NOTHING)) continue;
            work->values[s] += work->best[s];
            if (++work->terms[s] == fingers) open--;
        }
    }
    for (int32_t s = 0; s < count; s++)
        if (work->values[s] > CIVID__NOTHING)
            work->values[s] = civid__stouffer(work->values[s], work->terms[s]);
}

/* What the partners of one finger of the probe in one of a subject agree on. */
static civid_status agreement_of(const query_t *query, int32_t i, const civid_part_t *references,
                                 int64_t subject, int32_t position, int32_t counted,
                                 const uint16_t *near, float *value) {
    const civid__asked_t *asked = &query->asked[i];
    int64_t finger = references->first[subject];
    const int64_t last = references->first[subject + 1];
    while (finger < last && references->positions[finger] != position) finger++;
    if (finger >= last) return CIVID_E_CORRUPT; /* lists of other subjects */
    civid__finger_t one;
    civid_status status = civid__part_finger(references, finger, &one);
    if (status == CIVID_OK) status = civid__packed_header(one.packed, one.size);
    if (status != CIVID_OK) return status;
    if (one.codes.count != counted) return CIVID_E_CORRUPT;
    uint16_t partner[CIVID__PARTNERS_ROOM];
    memset(partner, 0xff, sizeof partner); /* CIVID__PARTNER_NONE */
    for (int32_t k = 0; k < asked->count; k++)
        partner[asked->row[k * (1 + asked->cells)]] = near[k];
    const civid__points_t a = civid__packed_points(query->finger[i].packed);
    const civid__points_t b = civid__packed_points(one.packed);
    *value = civid__agreement_scale(civid__agreement(&a, &b, partner), asked->count, counted);
    return CIVID_OK;
}

/* The same for all with a rank that have this finger; of each the best of its fingers is kept. */
static civid_status fine_lists(const query_t *query, int32_t i, const civid_part_t *references,
                               int64_t begin, const civid__inverted_t *lists, int32_t position,
                               int32_t fingers, int32_t ranks, work_t *work) {
    const int32_t count = lists->subjects;
    const civid__list_t *list = &lists->list[position];
    const civid__asked_t *asked = &query->asked[i];
    int32_t left = 0;
    for (int32_t s = 0; s < count; s++)
        left += work->rank[s] > 0 && list->counts[s] > 0 && work->terms[s] < fingers;
    if (left == 0) return CIVID_OK;
    civid__inverted_partners(list, count, &query->finger[i].codes, asked, work->rank, ranks,
                             work->partner);
    for (int32_t s = 0; s < count; s++) {
        if (work->rank[s] == 0 || list->counts[s] == 0 || work->terms[s] >= fingers) continue;
        const uint16_t *near =
            work->partner + (size_t)(work->rank[s] - 1) * (size_t)asked->count;
        float one;
        const civid_status status = agreement_of(query, i, references, begin + s, position,
                                                 list->counts[s], near, &one);
        if (status != CIVID_OK) return status;
        if (one > work->best[s]) work->best[s] = one;
    }
    return CIVID_OK;
}

/* Both stages' values of those with a rank. */
static civid_status fine_stage(const query_t *query, const civid_part_t *references, int64_t begin,
                               const civid__inverted_t *lists, int32_t fingers, int32_t flags,
                               int32_t ranks, work_t *work) {
    const int32_t count = lists->subjects;
    memset(work->terms, 0, (size_t)count);
    for (int32_t s = 0; s < count; s++) work->fine[s] = 0.0f;
    for (int32_t i = 0; i < query->count; i++) {
        for (int32_t s = 0; s < count; s++) work->best[s] = CIVID__NOTHING;
        for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
            if (!asks(query, i, lists, j, flags)) continue;
            const civid_status status =
                fine_lists(query, i, references, begin, lists, j, fingers, ranks, work);
            if (status != CIVID_OK) return status;
        }
        for (int32_t s = 0; s < count; s++) {
            if (!(work->best[s] > CIVID__NOTHING)) continue;
            work->fine[s] += work->best[s];
            work->terms[s]++;
        }
    }
    for (int32_t s = 0; s < count; s++) {
        if (work->rank[s] == 0)
            work->values[s] = CIVID__NOTHING;
        else
            work->values[s] += CIVID__INVERTED_FINE * civid__stouffer(work->fine[s], work->terms[s]);
    }
    return CIVID_OK;
}

civid_status civid_inverted_scratch_size(int64_t references, uint64_t *size) {
    if (size == NULL) return CIVID_E_NULL;
    if (references < 0 || references > CIVID_INVERTED_MAX_SUBJECTS) return CIVID_E_COUNT;
    const uint64_t each = sizeof(uint32_t) + 3 * sizeof(float) + 1 +
                          sizeof(uint16_t) * (1 + CIVID__INVERTED_SINGLE);
    *size = (uint64_t)references * each + 8;
    return CIVID_OK;
}

static work_t divide(void *scratch, int64_t count) {
    work_t work;
    work.state = scratch;
    work.values = (float *)(void *)(work.state + count);
    work.fine = work.values + count;
    work.best = work.fine + count;
    work.rank = (uint16_t *)(void *)(work.best + count);
    work.partner = work.rank + count;
    work.terms = (uint8_t *)(void *)(work.partner + count * CIVID__INVERTED_SINGLE);
    return work;
}

/* Do the part's tables of these subjects hold what the lists' numbers lead to? */
static civid_status same_range(const civid_part_t *references, int64_t begin,
                               const civid__inverted_t *lists) {
    const int64_t end = begin + lists->subjects;
    const civid_status status = civid__part_check(references, begin, end, 0);
    if (status != CIVID_OK) return status;
    for (int64_t s = begin; s < end; s++)
        if (references->first[s] < 0 || references->first[s] > references->first[s + 1] ||
            references->first[s + 1] - references->first[s] > CIVID_POSITIONS)
            return CIVID_E_COUNT;
    return references->first[end] <= references->finger_count ? CIVID_OK : CIVID_E_COUNT;
}

civid_status civid_inverted_prefilter(const civid_part_t *probes, const int64_t *slots,
                                      int64_t count, const uint16_t *asked, uint64_t items,
                                      int32_t cells, const civid_part_t *references, int64_t begin,
                                      const void *buffer, uint64_t size, const int64_t *after,
                                      int32_t fingers, int32_t flags, void *scratch,
                                      uint64_t scratch_size, int64_t keep,
                                      civid_candidate_t *candidates, int64_t *counts) {
    civid__clear_counts(counts, count);
    civid__inverted_t lists;
    civid_status status = civid__part_check(probes, 0, 0, 1);
    if (status == CIVID_OK) status = civid__inverted_open(buffer, size, &lists);
    if (status != CIVID_OK) return status;
    if (begin < 0) return CIVID_E_COUNT;
    status = same_range(references, begin, &lists);
    if (status != CIVID_OK) return status;
    if (fingers < 1 || cells < 1 || cells > CIVID_INVERTED_MAX_CELLS) return CIVID_E_VALUE;
    if (flags & ~CIVID_PREFILTER_ANY_FINGER) return CIVID_E_VALUE;
    uint64_t needed, used = 0;
    status = civid_inverted_scratch_size(lists.subjects, &needed);
    if (status != CIVID_OK) return status;
    if (count < 0 || count > CIVID_PREFILTER_MAX_PROBES) return CIVID_E_COUNT;
    if (count == 0) return CIVID_OK;
    if (slots == NULL || asked == NULL || scratch == NULL || candidates == NULL || counts == NULL)
        return CIVID_E_NULL;
    if (keep < 1 || keep > CIVID_PREFILTER_MAX_RANGE || scratch_size < needed) return CIVID_E_CAPACITY;
    if ((uintptr_t)scratch & 63) return CIVID_E_VALUE;

    work_t work = divide(scratch, lists.subjects);
    int64_t wanted = lists.subjects / CIVID__INVERTED_SHARE;
    if (wanted < CIVID__FINE_LEAST) wanted = CIVID__FINE_LEAST;
    if (wanted < CIVID__INVERTED_TIMES * keep) wanted = CIVID__INVERTED_TIMES * keep;
    for (int64_t p = 0; p < count; p++) {
        if (slots[p] < 0 || slots[p] >= probes->subject_count) return CIVID_E_COUNT;
        query_t query;
        status = read_query(probes, slots[p], fingers, cells, asked, items, &used, &query);
        if (status != CIVID_OK) return status;
        coarse_stage(&query, references, begin, &lists, after == NULL ? 0 : after[p], fingers, flags,
                     &work);
        const int32_t ranks = civid__rank_best(work.values, lists.subjects, wanted, work.rank);
        status = fine_stage(&query, references, begin, &lists, fingers, flags, ranks, &work);
        if (status != CIVID_OK) return status;
        counts[p] = civid__best(work.values, lists.subjects, keep, begin, slots[p],
                                candidates + p * keep);
    }
    return CIVID_OK;
}
