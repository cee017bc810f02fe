/* search.c - one probe against a range of references; the best stay in a heap. */
#include <stddef.h>

#include "civid.h"
#include "search/match/match.h"

/* Is a better than b? A total order: no two references have the same index. */
static int better(const civid_candidate_t *a, const civid_candidate_t *b) {
    if (a->score != b->score) return a->score > b->score;
    return a->reference < b->reference;
}

/* The worst of the heap is at its top, where the next better candidate replaces it. */
static void sift_down(civid_candidate_t *heap, int64_t count, int64_t at) {
    const civid_candidate_t moving = heap[at];
    for (int64_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && better(&heap[child], &heap[child + 1])) child++;
        if (!better(&moving, &heap[child])) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moving;
}

static void sift_up(civid_candidate_t *heap, int64_t at) {
    const civid_candidate_t moving = heap[at];
    while (at > 0 && better(&heap[(at - 1) / 2], &moving)) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = moving;
}

static void sort_best_first(civid_candidate_t *heap, int64_t count) {
    for (int64_t last = count - 1; last > 0; last--) {
        const civid_candidate_t worst = heap[0];
        heap[0] = heap[last];
        heap[last] = worst;
        sift_down(heap, last, 0);
    }
}

civid_status civid_search(const civid_subjects_t *probes, int64_t probe,
                          const civid_subjects_t *references, int64_t begin, int64_t end,
                          const civid_rules_t *rules, float min_score, void *scratch,
                          uint64_t scratch_size, civid_candidate_t *candidates, int64_t capacity,
                          int64_t *count) {
    if (count == NULL || candidates == NULL) return CIVID_E_NULL;
    *count = 0;
    if (capacity < 1) return CIVID_E_CAPACITY;
    if (!(min_score >= 0.0f)) return CIVID_E_VALUE;
    civid_status status = civid__rules_check(rules);
    if (status == CIVID_OK) status = civid__subjects_check_one(probes, probe);
    if (status == CIVID_OK) status = civid__subjects_check(references, begin, end);
    civid__set_t probe_set;
    if (status == CIVID_OK) status = civid__subjects_set(probes, probe, &probe_set);
    if (status != CIVID_OK) return status;

    int64_t kept = 0;
    for (int64_t reference = begin; reference < end; reference++) {
        if (!civid__subjects_alive(references, reference)) continue;
        civid__set_t set;
        civid__match_t match;
        status = civid__subjects_set(references, reference, &set);
        if (status == CIVID_OK)
            status = civid__match(probes, &probe_set, references, &set, rules, scratch,
                                  scratch_size, &match);
        if (status != CIVID_OK) return status;
        if (match.terms == 0 || match.score < min_score) continue;
        const civid_candidate_t candidate = {probe, reference, match.score, match.terms};
        if (kept < capacity) {
            candidates[kept] = candidate;
            sift_up(candidates, kept++);
        } else if (better(&candidate, &candidates[0])) {
            candidates[0] = candidate;
            sift_down(candidates, kept, 0);
        }
    }
    sort_best_first(candidates, kept);
    *count = kept;
    return CIVID_OK;
}
