/* inverted_near.c - the centres nearest to a probe's minutiae, found once for all lists. */
#include <stddef.h>

#include "kernels.h"
#include "search/arrays/part.h"
#include "search/inverted/inverted.h"

/* The `cells` nearest, by ascending number; among equals the first. */
static void nearest_of(const uint8_t *distance, int32_t cells, uint16_t *nearest) {
    int32_t counts[256] = {0}, cut = 0, left = cells, found = 0;
    for (int32_t k = 0; k < CIVID__INVERTED; k++) counts[distance[k]]++;
    for (; counts[cut] < left; cut++) left -= counts[cut];
    for (int32_t k = 0; k < CIVID__INVERTED; k++)
        if (distance[k] < cut || (distance[k] == cut && left-- > 0)) nearest[found++] = (uint16_t)k;
}

civid_status civid_inverted_nearest(const civid_part_t *probes, const int64_t *slots, int64_t count,
                                 int32_t cells, uint16_t *nearest, uint64_t items) {
    civid_status status = civid__part_check(probes, 0, 0, 1);
    if (status != CIVID_OK) return status;
    if (!civid__inverted_cells(cells)) return CIVID_E_VALUE;
    if (count < 0) return CIVID_E_COUNT;
    if (count > 0 && (slots == NULL || nearest == NULL)) return CIVID_E_NULL;
    const civid__kernels_t *kernels = civid__kernels();
    uint64_t used = 0;
    for (int64_t p = 0; p < count; p++) {
        if (slots[p] < 0 || slots[p] >= probes->subject_count) return CIVID_E_COUNT;
        int64_t finger, last;
        status = civid__part_fingers(probes, slots[p], &finger, &last);
        for (; status == CIVID_OK && finger < last; finger++) {
            civid__finger_t one;
            status = civid__part_finger(probes, finger, &one);
            if (status != CIVID_OK) return status;
            for (int32_t i = 0; i < one.codes.count; i++, used += (uint64_t)cells) {
                uint8_t distance[CIVID__INVERTED];
                if (items - used < (uint64_t)cells) return CIVID_E_CAPACITY;
                kernels->centres(one.codes.first[i], one.codes.second[i], distance);
                nearest_of(distance, cells, nearest + used);
            }
        }
        if (status != CIVID_OK) return status;
    }
    return used == items ? CIVID_OK : CIVID_E_CAPACITY;
}

civid_status civid_inverted_measure(const civid_part_t *probes, int64_t slot, const uint16_t *nearest,
                                 uint64_t items, int32_t cells, const void *lists, uint64_t size,
                                 uint32_t *sums, int64_t fingers) {
    civid_status status = civid__part_check(probes, 0, 0, 1);
    civid__inverted_t opened;
    if (status == CIVID_OK) status = civid__inverted_open(lists, size, &opened);
    if (status != CIVID_OK) return status;
    if (!civid__inverted_cells(cells)) return CIVID_E_VALUE;
    if (slot < 0 || slot >= probes->subject_count) return CIVID_E_COUNT;
    if (sums == NULL || nearest == NULL) return CIVID_E_NULL;
    int64_t finger, last;
    civid__finger_t one;
    status = civid__part_fingers(probes, slot, &finger, &last);
    if (status != CIVID_OK) return status;
    if (last - finger != 1) return CIVID_E_COUNT;
    status = civid__part_finger(probes, finger, &one);
    if (status != CIVID_OK) return status;
    if (items != (uint64_t)one.codes.count * (uint64_t)cells || fingers != opened.fingers)
        return CIVID_E_CAPACITY;
    civid__inverted_sums(&opened, &one.codes, nearest, cells, sums);
    for (int64_t f = 0; f < fingers; f++) sums[f] >>= 16;
    return CIVID_OK;
}
