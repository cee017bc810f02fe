/* unpack_subjects.c - some subjects of a part in the form that is compared. */
#include <stddef.h>

#include "search/arrays/part.h"

static civid_status check(const civid_part_t *part, const int64_t *slots, int64_t count) {
    const civid_status status = civid__part_check(part, 0, 0, 0);
    if (status != CIVID_OK) return status;
    if (count < 0) return CIVID_E_COUNT;
    if (count > 0 && slots == NULL) return CIVID_E_NULL;
    for (int64_t i = 0; i < count; i++)
        if (slots[i] < 0 || slots[i] >= part->subject_count) return CIVID_E_COUNT;
    return CIVID_OK;
}

civid_status civid_unpacked_size(const civid_part_t *part, const int64_t *slots, int64_t count,
                                 uint32_t positions, int64_t *fingers, uint64_t *bytes) {
    if (fingers == NULL || bytes == NULL) return CIVID_E_NULL;
    civid_status status = check(part, slots, count);
    if (status != CIVID_OK) return status;
    int64_t found = 0;
    uint64_t total = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t finger, last;
        status = civid__part_fingers(part, slots[i], &finger, &last);
        if (status != CIVID_OK) return status;
        for (; finger < last; finger++) {
            if (!(positions >> part->positions[finger] & 1)) continue;
            civid__finger_t one;
            uint64_t size;
            status = civid__part_finger(part, finger, &one);
            if (status == CIVID_OK) status = civid_prepared_size(one.codes.count, &size);
            if (status != CIVID_OK) return status;
            total += size;
            found++;
        }
    }
    *fingers = found;
    *bytes = total;
    return CIVID_OK;
}

civid_status civid_unpack_subjects(const civid_part_t *part, const int64_t *slots, int64_t count,
                                   uint32_t positions, void *block, uint64_t block_size,
                                   uint64_t *offsets, uint8_t *out_positions, int64_t fingers,
                                   int64_t *first) {
    civid_status status = check(part, slots, count);
    if (status != CIVID_OK) return status;
    if (fingers < 0) return CIVID_E_COUNT;
    if (offsets == NULL || first == NULL) return CIVID_E_NULL;
    if (fingers > 0 && (block == NULL || out_positions == NULL)) return CIVID_E_NULL;
    uint64_t used = 0;
    int64_t done = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t finger, last;
        first[i] = done;
        status = civid__part_fingers(part, slots[i], &finger, &last);
        if (status != CIVID_OK) return status;
        for (; finger < last; finger++) {
            if (!(positions >> part->positions[finger] & 1)) continue;
            civid__finger_t one;
            uint64_t size;
            status = civid__part_finger(part, finger, &one);
            if (status == CIVID_OK) status = civid_prepared_size(one.codes.count, &size);
            if (status != CIVID_OK) return status;
            if (done >= fingers || size > block_size - used) return CIVID_E_CAPACITY;
            status = civid_unpack(one.packed, one.size, (uint8_t *)block + used, size);
            if (status != CIVID_OK) return status;
            offsets[done] = used;
            out_positions[done++] = part->positions[finger];
            used += size;
        }
    }
    if (done != fingers) return CIVID_E_COUNT;
    first[count] = done;
    offsets[done] = used;
    return CIVID_OK;
}
