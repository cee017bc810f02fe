/* inverted_near.c - which minutiae of a probe ask which centres: found once for all lists. */
#include <stddef.h>

#include "kernels.h"
#include "search/arrays/part.h"
#include "search/inverted/inverted.h"
#include "search/prefilter.h"

/* The `cells` nearest, by ascending number; among equals the first. */
static void nearest_of(const uint8_t *distance, int32_t cells, uint16_t *nearest) {
    int32_t counts[256] = {0}, cut = 0, left = cells, found = 0;
    for (int32_t k = 0; k < CIVID__INVERTED; k++) counts[distance[k]]++;
    for (; counts[cut] < left; cut++) left -= counts[cut];
    for (int32_t k = 0; k < CIVID__INVERTED; k++)
        if (distance[k] < cut || (distance[k] == cut && left-- > 0)) nearest[found++] = (uint16_t)k;
}

civid_status civid_inverted_asked(const civid_part_t *probes, int64_t slot, int32_t fingers,
                                  int32_t cells, uint16_t *asked, uint64_t capacity,
                                  uint64_t *items) {
    civid_status status = civid__part_check(probes, 0, 0, 1);
    if (status != CIVID_OK) return status;
    if (asked == NULL || items == NULL) return CIVID_E_NULL;
    if (cells < 1 || cells > CIVID_INVERTED_MAX_CELLS || fingers < 1) return CIVID_E_VALUE;
    if (slot < 0 || slot >= probes->subject_count) return CIVID_E_COUNT;
    int64_t begin, last;
    status = civid__part_fingers(probes, slot, &begin, &last);
    if (status != CIVID_OK) return status;
    const civid__kernels_t *kernels = civid__kernels();
    const int32_t most = civid__inverted_most(fingers > 1 && last - begin > 1);
    uint64_t used = 0;
    for (int64_t finger = begin; finger < last; finger++) {
        civid__finger_t one;
        status = civid__part_finger(probes, finger, &one);
        if (status == CIVID_OK) status = civid__packed_header(one.packed, one.size);
        if (status != CIVID_OK) return status;
        uint8_t order[CIVID_MAX_MINUTIAE];
        const int32_t number = one.codes.count < most ? one.codes.count : most;
        civid__dense_order(one.packed, number, order);
        for (int32_t k = 0; k < number; k++, used += 1 + (uint64_t)cells) {
            uint8_t distance[CIVID__INVERTED];
            if (capacity - used < 1 + (uint64_t)cells) return CIVID_E_CAPACITY;
            asked[used] = order[k];
            kernels->centres(one.codes.first[order[k]], one.codes.second[order[k]], distance);
            nearest_of(distance, cells, asked + used + 1);
        }
    }
    *items = used;
    return CIVID_OK;
}
