/* subjects.c - no index or offset of a gallery is used before it was compared with its bounds. */
#include "search/arrays/subjects.h"

#include <stddef.h>

civid_status civid__subjects_check(const civid_subjects_t *subjects, int64_t begin, int64_t end) {
    if (subjects == NULL || subjects->first == NULL) return CIVID_E_NULL;
    if (subjects->finger_count < 0 || subjects->subject_count < 0) return CIVID_E_COUNT;
    if (subjects->finger_count > 0 && (subjects->block == NULL || subjects->offsets == NULL ||
                                       subjects->positions == NULL))
        return CIVID_E_NULL;
    if (subjects->finger_count > 0 && ((uintptr_t)subjects->block & 63)) return CIVID_E_VALUE;
    if (begin < 0 || begin > end || end > subjects->subject_count) return CIVID_E_COUNT;
    return CIVID_OK;
}

civid_status civid__subjects_check_one(const civid_subjects_t *subjects, int64_t subject) {
    if (subjects != NULL && subject >= subjects->subject_count) return CIVID_E_COUNT;
    return civid__subjects_check(subjects, subject, subject < 0 ? subject : subject + 1);
}

civid_status civid__subjects_set(const civid_subjects_t *subjects, int64_t subject,
                                 civid__set_t *set) {
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) set->finger[i] = -1;
    const int64_t begin = subjects->first[subject], end = subjects->first[subject + 1];
    if (begin < 0 || end < begin || end > subjects->finger_count) return CIVID_E_COUNT;
    if (end - begin > CIVID_POSITIONS) return CIVID_E_COUNT;
    int32_t before = -1;
    for (int64_t finger = begin; finger < end; finger++) {
        const int32_t position = subjects->positions[finger];
        if (position <= before || position >= CIVID_POSITIONS) return CIVID_E_VALUE;
        const uint64_t from = subjects->offsets[finger], to = subjects->offsets[finger + 1];
        if (from > to || to > subjects->block_size || (from & 63)) return CIVID_E_CAPACITY;
        set->finger[position] = finger;
        before = position;
    }
    return CIVID_OK;
}
