/* inverted.c - lists as bytes: build them, open them. */
#include "search/inverted/inverted.h"

#include <stddef.h>
#include <string.h>

#include "compiler.h"
#include "kernels.h"
#include "search/arrays/part.h"

enum {
    MAGIC = 0x4c535432, /* "LST2" */
    LINE = 64,
};

typedef struct {
    uint32_t magic;
    int32_t subjects;
    uint32_t positions, reserved;
    int32_t minutiae[CIVID_POSITIONS];
    uint32_t padding;
} header_t;

static uint64_t padded(uint64_t bytes) { return (bytes + LINE - 1) / LINE * LINE; }

/* Bytes of the lists of a position, and where each array of them begins. */
typedef struct {
    uint64_t start, codes, details, subject, minutia, end;
} places_t;

static places_t places(int32_t subjects, int32_t minutiae) {
    const uint64_t m = (uint64_t)minutiae;
    places_t p;
    p.start = padded((uint64_t)subjects);
    p.codes = p.start + padded(CIVID__INVERTED_STARTS * sizeof(uint32_t));
    p.details = p.codes + padded(m * sizeof(uint64_t));
    p.subject = p.details + padded(m * sizeof(uint64_t));
    p.minutia = p.subject + padded(m * sizeof(uint16_t));
    p.end = p.minutia + padded(m);
    return p;
}

static uint64_t bytes_of(const header_t *header) {
    uint64_t size = sizeof *header;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        if (header->minutiae[i] > 0) size += places(header->subjects, header->minutiae[i]).end;
    return size;
}

/* What stands in the header, of the subjects begin .. end - 1. */
static civid_status describe(const civid_part_t *part, int64_t begin, int64_t end,
                             header_t *header) {
    civid_status status = civid__part_check(part, begin, end, 1);
    if (status != CIVID_OK) return status;
    if (end - begin > CIVID_INVERTED_MAX_SUBJECTS) return CIVID_E_COUNT;
    memset(header, 0, sizeof *header);
    header->magic = MAGIC;
    header->subjects = (int32_t)(end - begin);
    for (int64_t s = begin; s < end; s++) {
        int64_t finger, last;
        status = civid__part_fingers(part, s, &finger, &last);
        for (; status == CIVID_OK && finger < last; finger++) {
            civid__finger_t one;
            status = civid__part_finger(part, finger, &one);
            if (status != CIVID_OK) return status;
            header->minutiae[part->positions[finger]] += one.codes.count;
        }
        if (status != CIVID_OK) return status;
    }
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        header->positions |= (uint32_t)(header->minutiae[i] > 0) << i;
    return CIVID_OK;
}

civid_status civid_inverted_size(const civid_part_t *part, int64_t begin, int64_t end,
                                 uint64_t *size) {
    if (size == NULL) return CIVID_E_NULL;
    header_t header;
    const civid_status status = describe(part, begin, end, &header);
    if (status == CIVID_OK) *size = bytes_of(&header);
    return status;
}

/* The nearest centre, the first among equals; times 16, plus the direction. */
static uint32_t list_of(uint64_t code, uint64_t detail, const civid__kernels_t *kernels) {
    uint8_t distance[CIVID__INVERTED];
    kernels->centres(code, detail, distance);
    uint8_t least = 255;
    for (int32_t k = 0; k < CIVID__INVERTED; k++) least = distance[k] < least ? distance[k] : least;
    const uint8_t *first = memchr(distance, least, sizeof distance);
    return (uint32_t)(first - distance) * CIVID__INVERTED_DIRECTIONS + civid__direction(code);
}

/* A subject's finger of a position; its count is 0 where there is none. All was checked before. */
static civid__finger_t finger_at(const civid_part_t *part, int64_t subject, int32_t position) {
    civid__finger_t one = {0};
    for (int64_t f = part->first[subject]; f < part->first[subject + 1]; f++)
        if (part->positions[f] == position) (void)civid__part_finger(part, f, &one);
    return one;
}

static void build_position(const civid_part_t *part, int64_t begin, int32_t subjects,
                           int32_t position, int32_t minutiae, uint8_t *bytes, uint16_t *scratch) {
    const places_t at = places(subjects, minutiae);
    uint32_t *const start = (uint32_t *)(void *)(bytes + at.start);
    uint64_t *const codes = (uint64_t *)(void *)(bytes + at.codes);
    uint64_t *const details = (uint64_t *)(void *)(bytes + at.details);
    uint16_t *const subject = (uint16_t *)(void *)(bytes + at.subject);
    const civid__kernels_t *kernels = civid__kernels();
    int64_t m = 0;
    for (int32_t s = 0; s < subjects; s++) {
        const civid__finger_t one = finger_at(part, begin + s, position);
        bytes[s] = (uint8_t)one.codes.count;
        for (int32_t i = 0; i < one.codes.count; i++, m++) {
            scratch[m] = (uint16_t)list_of(one.codes.first[i], one.codes.second[i], kernels);
            start[scratch[m] + 1]++;
        }
    }
    for (int32_t k = 1; k < CIVID__INVERTED_STARTS; k++) start[k] += start[k - 1];
    /* Backwards, each list from its end: what was a list's end becomes its beginning. */
    for (int32_t s = subjects - 1; s >= 0; s--) {
        const civid__finger_t one = finger_at(part, begin + s, position);
        for (int32_t i = one.codes.count - 1; i >= 0; i--) {
            const uint32_t to = --start[scratch[--m] + 1];
            codes[to] = one.codes.first[i];
            details[to] = one.codes.second[i];
            subject[to] = (uint16_t)s;
            bytes[at.minutia + to] = (uint8_t)i;
        }
    }
    memmove(start, start + 1, (CIVID__INVERTED_STARTS - 1) * sizeof *start);
    start[CIVID__INVERTED_STARTS - 1] = (uint32_t)minutiae;
}

civid_status civid_inverted_build(const civid_part_t *part, int64_t begin, int64_t end, void *lists,
                                  uint64_t size, uint16_t *scratch, uint64_t scratch_items) {
    header_t header;
    const civid_status status = describe(part, begin, end, &header);
    if (status != CIVID_OK) return status;
    if (lists == NULL) return CIVID_E_NULL;
    if (size != bytes_of(&header)) return CIVID_E_CAPACITY;
    if ((uintptr_t)lists & (LINE - 1)) return CIVID_E_VALUE;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) {
        if (header.minutiae[i] > 0 && scratch == NULL) return CIVID_E_NULL;
        if (scratch_items < (uint64_t)header.minutiae[i]) return CIVID_E_CAPACITY;
    }
    uint8_t *bytes = lists;
    memset(bytes, 0, size);
    memcpy(bytes, &header, sizeof header);
    bytes += sizeof header;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) {
        if (header.minutiae[i] == 0) continue;
        build_position(part, begin, header.subjects, i, header.minutiae[i], bytes, scratch);
        bytes += places(header.subjects, header.minutiae[i]).end;
    }
    return CIVID_OK;
}

static civid_status open_position(const uint8_t *bytes, int32_t subjects, int32_t minutiae,
                                  civid__list_t *list) {
    const places_t at = places(subjects, minutiae);
    list->minutiae = minutiae;
    list->counts = bytes;
    list->start = (const uint32_t *)(const void *)(bytes + at.start);
    list->codes = (const uint64_t *)(const void *)(bytes + at.codes);
    list->details = (const uint64_t *)(const void *)(bytes + at.details);
    list->subject = (const uint16_t *)(const void *)(bytes + at.subject);
    list->minutia = bytes + at.minutia;
    uint32_t wrong = list->start[0] != 0;
    for (int32_t k = 1; k < CIVID__INVERTED_STARTS; k++)
        wrong |= list->start[k] < list->start[k - 1];
    wrong |= list->start[CIVID__INVERTED_STARTS - 1] != (uint32_t)minutiae;
    return wrong ? CIVID_E_CORRUPT : CIVID_OK;
}

civid_status civid__inverted_open(const void *lists, uint64_t size, civid__inverted_t *out) {
    if (lists == NULL) return CIVID_E_NULL;
    if (size < sizeof(header_t)) return CIVID_E_CAPACITY;
    if ((uintptr_t)lists & (LINE - 1)) return CIVID_E_VALUE;
    header_t header;
    memcpy(&header, lists, sizeof header);
    if (header.magic != MAGIC) return CIVID_E_CORRUPT;
    if (header.subjects < 0 || header.subjects > CIVID_INVERTED_MAX_SUBJECTS)
        return CIVID_E_CORRUPT;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) {
        const int32_t minutiae = header.minutiae[i];
        if (minutiae < 0 || minutiae > header.subjects * CIVID_MAX_MINUTIAE) return CIVID_E_CORRUPT;
        if ((header.positions >> i & 1) != (minutiae > 0)) return CIVID_E_CORRUPT;
    }
    if (size != bytes_of(&header)) return CIVID_E_CAPACITY;
    memset(out, 0, sizeof *out);
    out->subjects = header.subjects;
    out->positions = header.positions;
    const uint8_t *bytes = (const uint8_t *)lists + sizeof header;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) {
        if (header.minutiae[i] == 0) continue;
        const civid_status status =
            open_position(bytes, header.subjects, header.minutiae[i], &out->list[i]);
        if (status != CIVID_OK) return status;
        bytes += places(header.subjects, header.minutiae[i]).end;
    }
    return CIVID_OK;
}

civid_status civid_inverted_describe(const void *lists, uint64_t size, int64_t *subjects,
                                     uint32_t *positions, uint64_t *bytes) {
    if (lists == NULL || subjects == NULL || positions == NULL || bytes == NULL) return CIVID_E_NULL;
    if (size < sizeof(header_t)) return CIVID_E_CAPACITY;
    header_t header;
    memcpy(&header, lists, sizeof header);
    if (header.magic != MAGIC) return CIVID_E_VALUE;
    if (header.subjects < 0 || header.subjects > CIVID_INVERTED_MAX_SUBJECTS) return CIVID_E_COUNT;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        if (header.minutiae[i] < 0 ||
            header.minutiae[i] > header.subjects * CIVID_MAX_MINUTIAE)
            return CIVID_E_COUNT;
    if (bytes_of(&header) > size) return CIVID_E_CAPACITY;
    *subjects = header.subjects;
    *positions = header.positions;
    *bytes = bytes_of(&header);
    return CIVID_OK;
}
