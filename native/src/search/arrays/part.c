/* part.c - no index or offset of a part is used before it was compared with its bounds. */
#include "search/arrays/part.h"

#include <stddef.h>

civid_status civid__part_check(const civid_part_t *part, int64_t begin, int64_t end, int codes) {
    if (part == NULL || part->first == NULL || part->offsets == NULL) return CIVID_E_NULL;
    if (part->finger_count < 0 || part->subject_count < 0) return CIVID_E_COUNT;
    if (part->finger_count > 0 && (part->block == NULL || part->positions == NULL))
        return CIVID_E_NULL;
    if (part->finger_count > 0 && codes && (part->codes == NULL || part->details == NULL))
        return CIVID_E_NULL;
    if ((uint64_t)part->finger_count > part->block_size / 8) return CIVID_E_CAPACITY;
    if (part->finger_count > 0 && ((uintptr_t)part->block & 7)) return CIVID_E_VALUE;
    const uintptr_t words = (uintptr_t)part->first | (uintptr_t)part->offsets |
                            (uintptr_t)part->codes | (uintptr_t)part->details;
    if (words & 7) return CIVID_E_VALUE;
    if (begin < 0 || begin > end || end > part->subject_count) return CIVID_E_COUNT;
    return CIVID_OK;
}

civid_status civid__part_fingers(const civid_part_t *part, int64_t subject, int64_t *first,
                                 int64_t *last) {
    const int64_t begin = part->first[subject], end = part->first[subject + 1];
    if (begin < 0 || end < begin || end > part->finger_count) return CIVID_E_COUNT;
    if (end - begin > CIVID_POSITIONS) return CIVID_E_COUNT;
    int32_t before = -1;
    for (int64_t finger = begin; finger < end; finger++) {
        const int32_t position = part->positions[finger];
        if (position <= before || position >= CIVID_POSITIONS) return CIVID_E_VALUE;
        before = position;
    }
    *first = begin;
    *last = end;
    return CIVID_OK;
}

civid_status civid__part_finger(const civid_part_t *part, int64_t finger, civid__finger_t *out) {
    const uint64_t from = part->offsets[finger], to = part->offsets[finger + 1];
    if (from > to || to > part->block_size || (from & 7) || (to & 7)) return CIVID_E_CAPACITY;
    if (to - from < 8 || to - from > 8 + 8 * CIVID_MAX_MINUTIAE) return CIVID_E_CAPACITY;
    /* finger f begins behind f headers: word <= block_size / 8 - finger_count for the last one */
    if (from / 8 < (uint64_t)finger) return CIVID_E_CAPACITY;
    const uint64_t word = from / 8 - (uint64_t)finger, count = (to - from) / 8 - 1;
    if (word + count > part->block_size / 8 - (uint64_t)part->finger_count) return CIVID_E_CAPACITY;
    out->packed = (const uint8_t *)part->block + from;
    out->size = to - from;
    out->codes.count = (int32_t)count;
    out->codes.first = part->codes == NULL ? NULL : part->codes + word;
    out->codes.second = part->details == NULL ? NULL : part->details + word;
    return CIVID_OK;
}
