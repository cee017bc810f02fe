/* build.c - lists as bytes, of some subjects of a part. */
#include <stddef.h>
#include <string.h>

#include "compiler.h"
#include "kernels.h"
#include "search/arrays/part.h"
#include "search/inverted/lists/layout.h"
#include "tables/shared.h"

/* Minutiae of a position, by the half of the lists that their directions lie in. */
typedef struct {
    uint32_t half[CIVID_POSITIONS][2];
} halves_t;

static void count_halves(const civid__finger_t *one, uint32_t half[2]) {
    for (int32_t i = 0; i < one->codes.count; i++)
        half[civid__direction(one->codes.first[i]) / CIVID__INVERTED_HALF]++;
}

/* The directions in the codes must be those of the template: only the latter are kept. Of who was
 * removed nothing is there any more. */
static civid_status same_directions(const civid__finger_t *one) {
    const civid_status status = civid__packed_header(one->packed, one->size);
    if (status != CIVID_OK) return status;
    const civid__points_t points = civid__packed_points(one->packed);
    for (int32_t i = 0; i < points.count; i++)
        if (one->codes.first[i] >> 56 != civid__direction_bits(points.angle[i]))
            return CIVID_E_CORRUPT;
    return CIVID_OK;
}

static int32_t bits_of_places(const halves_t *halves) {
    uint32_t most = 1;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        for (int32_t h = 0; h < 2; h++) most = halves->half[i][h] > most ? halves->half[i][h] : most;
    int32_t bits = 1;
    while ((most - 1) >> bits) bits++;
    return bits;
}

/* What stands in the header, of the subjects begin .. end - 1. Their prints must lie one behind the
 * other, for so their minutiae are numbered. */
static civid_status describe(const civid_part_t *part, int64_t begin, int64_t end,
                             civid__lists_header_t *header) {
    civid_status status = civid__part_check(part, begin, end, 1);
    if (status != CIVID_OK) return status;
    if (end - begin > CIVID_INVERTED_MAX_SUBJECTS) return CIVID_E_COUNT;
    halves_t halves = {0};
    const uint64_t *next = NULL;
    memset(header, 0, sizeof *header);
    header->magic = CIVID__LISTS_MAGIC;
    header->subjects = (int32_t)(end - begin);
    for (int64_t s = begin; s < end; s++) {
        int64_t finger, last;
        status = civid__part_fingers(part, s, &finger, &last);
        for (; status == CIVID_OK && finger < last; finger++) {
            civid__finger_t one;
            status = civid__part_finger(part, finger, &one);
            if (status != CIVID_OK) return status;
            if (next != NULL && next != one.codes.first) return CIVID_E_CAPACITY;
            next = one.codes.first + one.codes.count;
            count_halves(&one, halves.half[part->positions[finger]]);
            if (civid__part_alive(part, s)) status = same_directions(&one);
            header->minutiae[part->positions[finger]] += one.codes.count;
        }
        if (status != CIVID_OK) return status;
    }
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        header->positions |= (uint32_t)(header->minutiae[i] > 0) << i;
    header->bits = bits_of_places(&halves);
    return CIVID_OK;
}

civid_status civid_inverted_size(const civid_part_t *part, int64_t begin, int64_t end,
                                 uint64_t *size) {
    if (size == NULL) return CIVID_E_NULL;
    civid__lists_header_t header;
    const civid_status status = describe(part, begin, end, &header);
    if (status == CIVID_OK) *size = civid__lists_size(&header);
    return status;
}

/* That of the nearest centre, the first among equals, in the code's direction. */
static uint32_t list_of(uint64_t code, uint64_t detail, const civid__kernels_t *kernels) {
    uint8_t distance[CIVID__INVERTED];
    kernels->centres(code, detail, distance);
    uint8_t least = 255;
    for (int32_t k = 0; k < CIVID__INVERTED; k++) least = distance[k] < least ? distance[k] : least;
    const uint8_t *first = memchr(distance, least, sizeof distance);
    return civid__list_of((uint32_t)(first - distance), civid__direction(code));
}

/* A subject's finger of a position; its count is 0 where there is none. All was checked before. */
static civid__finger_t finger_at(const civid_part_t *part, int64_t subject, int32_t position) {
    civid__finger_t one = {0};
    for (int64_t f = part->first[subject]; f < part->first[subject + 1]; f++)
        if (part->positions[f] == position) (void)civid__part_finger(part, f, &one);
    return one;
}

/* Where the places of all positions are written. */
typedef struct {
    uint8_t *bytes;
    int32_t bits;
    const uint64_t *first; /* the code of the minutia whose place comes first */
} places_t;

static void build_position(const civid_part_t *part, int64_t begin, int32_t subjects,
                           int32_t position, int32_t minutiae, const places_t *places,
                           uint8_t *bytes, uint16_t *scratch) {
    enum { HALF = CIVID__INVERTED_LISTS / 2 };
    const civid__lists_layout_t at = civid__lists_layout(subjects, minutiae);
    uint32_t *const start = (uint32_t *)(void *)(bytes + at.start);
    civid__listed_t *const listed = (civid__listed_t *)(void *)(bytes + at.listed);
    uint8_t *const subject = bytes + at.subject;
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
    const uint32_t base[2] = {0, start[HALF]};
    /* Backwards, each list from its end: what was a list's end becomes its beginning. */
    for (int32_t s = subjects - 1; s >= 0; s--) {
        const civid__finger_t one = finger_at(part, begin + s, position);
        for (int32_t i = one.codes.count - 1; i >= 0; i--) {
            const uint32_t list = scratch[--m], to = --start[list + 1];
            listed[to].code = (one.codes.first[i] & CIVID__INVERTED_CODE) | (uint64_t)(s >> 8) << 56;
            listed[to].detail = one.codes.second[i];
            subject[to] = (uint8_t)(s & 0xff);
            civid__set_place(places->bytes, places->bits,
                             (uint64_t)(one.codes.first + i - places->first),
                             to - base[list / HALF]);
        }
    }
    memmove(start, start + 1, CIVID__INVERTED_LISTS * sizeof *start);
    start[CIVID__INVERTED_LISTS] = (uint32_t)minutiae;
}

/* The code with which those of subject `begin` and behind it begin. */
static const uint64_t *first_code(const civid_part_t *part, int64_t begin, int64_t end) {
    if (begin == end || part->first[begin] == part->first[end]) return NULL;
    civid__finger_t one;
    return civid__part_finger(part, part->first[begin], &one) == CIVID_OK ? one.codes.first : NULL;
}

civid_status civid_inverted_build(const civid_part_t *part, int64_t begin, int64_t end, void *lists,
                                  uint64_t size, uint16_t *scratch, uint64_t scratch_items) {
    civid__lists_header_t header;
    const civid_status status = describe(part, begin, end, &header);
    if (status != CIVID_OK) return status;
    if (lists == NULL) return CIVID_E_NULL;
    if (size != civid__lists_size(&header)) return CIVID_E_CAPACITY;
    if ((uintptr_t)lists & (CIVID__LISTS_LINE - 1)) return CIVID_E_VALUE;
    uint64_t minutiae = 0;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) {
        if (header.minutiae[i] > 0 && scratch == NULL) return CIVID_E_NULL;
        if (scratch_items < (uint64_t)header.minutiae[i]) return CIVID_E_CAPACITY;
        minutiae += (uint64_t)header.minutiae[i];
    }
    memset(lists, 0, size);
    memcpy(lists, &header, sizeof header);
    uint8_t *bytes = (uint8_t *)lists + sizeof header;
    const places_t places = {
        (uint8_t *)lists + size - civid__places_size(minutiae, header.bits), header.bits,
        first_code(part, begin, end)};
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) {
        if (header.minutiae[i] == 0) continue;
        build_position(part, begin, header.subjects, i, header.minutiae[i], &places, bytes, scratch);
        bytes += civid__lists_layout(header.subjects, header.minutiae[i]).end;
    }
    return CIVID_OK;
}
