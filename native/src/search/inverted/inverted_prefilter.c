/* inverted_prefilter.c - candidates by lists: of several probes with one question each, or of one
 * probe with several. What they have in common is checked and divided here. */
#include <stddef.h>

#include "search/arrays/part.h"
#include "search/inverted/together/group.h"
#include "search/inverted/inverted_looks.h"
#include "search/prefilter.h"

/* most: minutiae that each finger asks, as far as it has them. */
static civid_status read_query(const civid_part_t *probes, int64_t slot, int32_t most,
                               int32_t cells, const uint16_t *asked, uint64_t items,
                               uint64_t *used, civid__query_t *query) {
    int64_t begin, last;
    civid_status status = civid__part_fingers(probes, slot, &begin, &last);
    if (status != CIVID_OK) return status;
    query->count = 0;
    query->found = NULL;
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

/* How the probe's fingers of these positions are looked for: how much of what is asked of each
 * counts, and whether it is one. */
static civid_status set_fingers(const civid_part_t *probes, int64_t slot, int32_t fingers,
                                civid__look_t *look) {
    int64_t begin, last;
    const civid_status status = civid__part_fingers(probes, slot, &begin, &last);
    if (status != CIVID_OK) return status;
    int32_t number = 0;
    for (int64_t finger = begin; finger < last; finger++)
        number += (int32_t)(look->positions >> probes->positions[finger] & 1);
    look->alone = fingers <= 1 || number <= 1;
    look->most = civid__inverted_most(!look->alone);
    return CIVID_OK;
}

civid_status civid_inverted_scratch_size(int64_t references, int64_t looks, uint64_t *size) {
    if (size == NULL) return CIVID_E_NULL;
    if (references < 0 || references > CIVID_INVERTED_MAX_SUBJECTS) return CIVID_E_COUNT;
    if (looks < 0 || looks > CIVID_INVERTED_MAX_LOOKS) return CIVID_E_COUNT;
    const uint64_t own = 2 * sizeof(float) + sizeof(uint16_t) + 1;
    *size = (uint64_t)references * (sizeof(uint32_t) + (uint64_t)looks * own) + 8;
    return CIVID_OK;
}

/* What needs most alignment comes first. */
static civid__shared_t divide(void *scratch, int64_t references, civid__look_t *looks,
                              int64_t count) {
    const civid__shared_t shared = {scratch};
    float *wide = (float *)(void *)(shared.state + references);
    for (int64_t q = 0; q < count; q++, wide += 2 * references) {
        looks[q].values = wide;
        looks[q].best = wide + references;
    }
    uint16_t *chosen = (uint16_t *)(void *)wide;
    uint8_t *terms = (uint8_t *)(void *)(chosen + count * references);
    for (int64_t q = 0; q < count; q++) {
        looks[q].chosen = chosen + q * references;
        looks[q].terms = terms + q * references;
    }
    return shared;
}

static uint64_t padded(uint64_t bytes) { return (bytes + 63) / 64 * 64; }

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

/* Everything that is not a probe. */
static civid_status check(const civid_part_t *probes, int32_t cells, const civid_part_t *references,
                          int64_t begin, const void *buffer, uint64_t size, int32_t fingers,
                          civid__inverted_t *lists) {
    civid_status status = civid__part_check(probes, 0, 0, 1);
    if (status == CIVID_OK) status = civid__inverted_open(buffer, size, lists);
    if (status != CIVID_OK) return status;
    if (begin < 0) return CIVID_E_COUNT;
    status = same_range(references, begin, lists);
    if (status != CIVID_OK) return status;
    if (fingers < 1 || cells < 1 || cells > CIVID_INVERTED_MAX_CELLS) return CIVID_E_VALUE;
    return CIVID_OK;
}

/* Of a question, and of the scratch for so many of them. */
static civid_status check_look(int32_t flags, int64_t keep) {
    if (flags & ~CIVID_PREFILTER_ANY_FINGER) return CIVID_E_VALUE;
    return keep < 1 || keep > CIVID_PREFILTER_MAX_RANGE ? CIVID_E_CAPACITY : CIVID_OK;
}

static civid_status check_scratch(const void *scratch, uint64_t size, int64_t references,
                                  int64_t looks) {
    uint64_t needed;
    const civid_status status = civid_inverted_scratch_size(references, looks, &needed);
    if (status != CIVID_OK) return status;
    if (scratch == NULL) return CIVID_E_NULL;
    if (size < needed) return CIVID_E_CAPACITY;
    return (uintptr_t)scratch & 63 ? CIVID_E_VALUE : CIVID_OK;
}

/* Probes that are read before lists are gone through, and memory to do it for all of them at once. */
typedef struct {
    civid__query_t *query;
    int64_t number, most; /* at once */
    void *memory;
    uint64_t size;
} group_t;

civid_status civid_inverted_together_size(int64_t references, int64_t probes, int32_t cells,
                                          uint64_t *size) {
    uint64_t least;
    const civid_status status = civid_inverted_scratch_size(references, 1, &least);
    if (status != CIVID_OK) return status;
    if (size == NULL) return CIVID_E_NULL;
    if (probes < 0 || probes > CIVID_PREFILTER_MAX_PROBES) return CIVID_E_COUNT;
    if (cells < 1 || cells > CIVID_INVERTED_MAX_CELLS) return CIVID_E_VALUE;
    *size = padded(least) + (uint64_t)probes * sizeof(civid__query_t) +
            civid__group_size(references, probes, cells);
    return CIVID_OK;
}

/* As many as the scratch has room for; one at least, which needs no more than the least. */
static group_t group_of(uint8_t *scratch, uint64_t size, int64_t references, int64_t count,
                        int32_t cells, civid__query_t *alone) {
    int64_t number = count;
    uint64_t needed;
    while (number > 1 && (civid_inverted_together_size(references, number, cells, &needed) !=
                              CIVID_OK ||
                          needed > size))
        number--;
    if (number == 1) return (group_t){alone, 1, 1, NULL, 0};
    (void)civid_inverted_scratch_size(references, 1, &needed);
    const uint64_t at = padded(needed), queries = (uint64_t)number * sizeof(civid__query_t);
    return (group_t){(civid__query_t *)(void *)(scratch + at), number, number,
                     scratch + at + queries, size - at - queries};
}

/* How many go through the lists together, from probe g of the group on: all that are left, or half
 * of them as often as they find more than there is room for; then no more in this call. */
static int64_t look_together(group_t *group, int64_t g, const civid__among_t *among, int32_t flags,
                             int32_t cells) {
    int64_t number = group->number - g < group->most ? group->number - g : group->most;
    while (number > 1 && !civid__look_together(group->query + g, number, among, flags, cells,
                                               group->memory, group->size))
        group->most = number /= 2;
    return number;
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
    civid_status status =
        check(probes, cells, references, begin, buffer, size, fingers, &lists);
    if (status != CIVID_OK) return status;
    if (count < 0 || count > CIVID_PREFILTER_MAX_PROBES) return CIVID_E_COUNT;
    if (count == 0) return CIVID_OK;
    if (slots == NULL || asked == NULL || candidates == NULL || counts == NULL) return CIVID_E_NULL;
    status = check_look(flags, keep);
    if (status == CIVID_OK) status = check_scratch(scratch, scratch_size, lists.subjects, 1);
    if (status != CIVID_OK) return status;

    civid__look_t look = {.positions = UINT32_MAX, .flags = flags, .keep = keep};
    const civid__shared_t shared = divide(scratch, lists.subjects, &look, 1);
    civid__query_t alone;
    group_t group = group_of(scratch, scratch_size, lists.subjects, count, cells, &alone);
    civid__among_t among = {&lists, references, begin, 0, fingers};
    uint64_t used = 0;
    for (int64_t first = 0; first < count; first += group.number) {
        if (group.number > count - first) group.number = count - first;
        for (int64_t g = 0; g < group.number; g++) {
            const int64_t slot = slots[first + g];
            if (slot < 0 || slot >= probes->subject_count) return CIVID_E_COUNT;
            status = set_fingers(probes, slot, fingers, &look);
            if (status == CIVID_OK)
                status = read_query(probes, slot, look.most, cells, asked, items, &used,
                                    &group.query[g]);
            if (status != CIVID_OK) return status;
        }
        for (int64_t g = 0, together = 0; g < group.number; g++) {
            const int64_t p = first + g;
            if (g == together) together += look_together(&group, g, &among, flags, cells);
            among.after = after == NULL ? 0 : after[p];
            status = set_fingers(probes, slots[p], fingers, &look);
            if (status == CIVID_OK)
                status = civid__inverted_looks(&group.query[g], &among, &look, 1, &shared);
            if (status != CIVID_OK) return status;
            counts[p] = civid__look_best(&look, begin, slots[p], candidates + p * keep);
        }
    }
    return CIVID_OK;
}

civid_status civid_inverted_looks(const civid_part_t *probes, int64_t slot, const uint16_t *asked,
                                  uint64_t items, int32_t cells, const civid_part_t *references,
                                  int64_t begin, const void *buffer, uint64_t size,
                                  const civid_look_t *looks, int64_t count, int32_t fingers,
                                  void *scratch, uint64_t scratch_size,
                                  civid_candidate_t *candidates, int64_t capacity,
                                  int64_t *counts) {
    if (count < 1 || count > CIVID_INVERTED_MAX_LOOKS) return CIVID_E_COUNT;
    civid__clear_counts(counts, count);
    civid__inverted_t lists;
    civid_status status =
        check(probes, cells, references, begin, buffer, size, fingers, &lists);
    if (status == CIVID_OK) status = check_scratch(scratch, scratch_size, lists.subjects, count);
    if (status != CIVID_OK) return status;
    if (asked == NULL || looks == NULL || candidates == NULL || counts == NULL) return CIVID_E_NULL;
    if (slot < 0 || slot >= probes->subject_count) return CIVID_E_COUNT;

    civid__look_t made[CIVID_INVERTED_MAX_LOOKS];
    int64_t room = 0;
    for (int64_t q = 0; q < count; q++) {
        made[q].positions = looks[q].positions;
        made[q].flags = looks[q].flags;
        made[q].keep = looks[q].keep;
        status = check_look(looks[q].flags, looks[q].keep);
        if (status == CIVID_OK)
            status = set_fingers(probes, slot, fingers, &made[q]);
        if (status != CIVID_OK) return status;
        room += looks[q].keep;
    }
    if (capacity < room) return CIVID_E_CAPACITY;
    civid__query_t query;
    uint64_t used = 0;
    status = read_query(probes, slot, civid__inverted_most(0), cells, asked, items, &used, &query);
    if (status != CIVID_OK) return status;
    const civid__among_t among = {&lists, references, begin, 0, fingers};
    const civid__shared_t shared = divide(scratch, lists.subjects, made, count);
    status = civid__inverted_looks(&query, &among, made, count, &shared);
    for (int64_t q = 0; q < count && status == CIVID_OK; q++) {
        counts[q] = civid__look_best(&made[q], begin, slot, candidates);
        candidates += made[q].keep;
    }
    return status;
}
