/* inverted.c - build an inverted index, open it, and add up what lies near a probe's minutiae. */
#include "search/inverted/inverted.h"

#include <stddef.h>
#include <string.h>

#include "kernels.h"
#include "search/arrays/part.h"

enum {
    MAGIC = 0x4c535431, /* "LST1" */
    LINE = 64,
    MOST_FINGERS = 65536,
};

typedef struct {
    uint32_t magic;
    int32_t fingers, minutiae, none;
    int64_t begin, end, first_finger;
    uint8_t padding[LINE - 40];
} header_t;

static uint64_t start_bytes(void) {
    return (CIVID__INVERTED_STARTS * sizeof(uint32_t) + LINE - 1) / LINE * LINE;
}

static uint64_t bytes_of(int64_t minutiae) {
    return sizeof(header_t) + start_bytes() +
           (uint64_t)minutiae * (2 * sizeof(uint64_t) + sizeof(uint16_t));
}

/* The fingers of a range, and their minutiae. */
static civid_status count_range(const civid_part_t *part, int64_t begin, int64_t end,
                                int64_t *first, int64_t *last, int64_t *minutiae) {
    civid_status status = civid__part_check(part, begin, end, 1);
    if (status != CIVID_OK) return status;
    *first = part->first[begin];
    *last = part->first[end];
    if (*first < 0 || *last < *first || *last > part->finger_count) return CIVID_E_COUNT;
    if (*last - *first > MOST_FINGERS) return CIVID_E_COUNT;
    *minutiae = 0;
    for (int64_t f = *first; f < *last; f++) {
        civid__finger_t finger;
        status = civid__part_finger(part, f, &finger);
        if (status != CIVID_OK) return status;
        *minutiae += finger.codes.count;
    }
    return CIVID_OK;
}

civid_status civid_inverted_size(const civid_part_t *part, int64_t begin, int64_t end,
                              uint64_t *size) {
    if (size == NULL) return CIVID_E_NULL;
    int64_t first, last, minutiae;
    const civid_status status = count_range(part, begin, end, &first, &last, &minutiae);
    if (status == CIVID_OK) *size = bytes_of(minutiae);
    return status;
}

/* 0 .. 15 of a Johnson code; any other byte goes somewhere. */
static uint32_t direction(uint64_t code) {
    uint32_t byte = (uint32_t)(code >> 56), ones = 0;
    for (uint32_t rest = byte; rest != 0; rest &= rest - 1) ones++;
    return (byte & 1) || ones == 0 ? ones : 16 - ones;
}

/* The nearest centre, the first among equals; times 16, plus the direction. */
static uint32_t list_of(uint64_t code, uint64_t detail, const civid__kernels_t *kernels) {
    uint8_t distance[CIVID__INVERTED];
    kernels->centres(code, detail, distance);
    uint8_t least = 255;
    for (int32_t k = 0; k < CIVID__INVERTED; k++) least = distance[k] < least ? distance[k] : least;
    const uint8_t *first = memchr(distance, least, sizeof distance);
    return (uint32_t)(first - distance) * CIVID__INVERTED_DIRECTIONS + direction(code);
}

civid_status civid_inverted_build(const civid_part_t *part, int64_t begin, int64_t end, void *lists,
                               uint64_t size, uint16_t *scratch, uint64_t scratch_items) {
    int64_t first, last, minutiae;
    const civid_status status = count_range(part, begin, end, &first, &last, &minutiae);
    if (status != CIVID_OK) return status;
    if (lists == NULL || (scratch == NULL && minutiae > 0)) return CIVID_E_NULL;
    if (size != bytes_of(minutiae) || scratch_items < (uint64_t)minutiae) return CIVID_E_CAPACITY;
    if ((uintptr_t)lists & (LINE - 1)) return CIVID_E_VALUE;
    uint8_t *const bytes = lists;
    const header_t header = {.magic = MAGIC, .fingers = (int32_t)(last - first),
                             .minutiae = (int32_t)minutiae, .begin = begin, .end = end,
                             .first_finger = first};
    memcpy(bytes, &header, sizeof header);
    uint32_t *const start = (uint32_t *)(void *)(bytes + sizeof header);
    uint64_t *const codes = (uint64_t *)(void *)(bytes + sizeof header + start_bytes());
    uint64_t *const details = codes + minutiae;
    uint16_t *const fingers = (uint16_t *)(void *)(details + minutiae);
    memset(start, 0, start_bytes());
    const civid__kernels_t *kernels = civid__kernels();
    int64_t m = 0;
    civid__finger_t finger;
    for (int64_t f = first; f < last; f++) {
        (void)civid__part_finger(part, f, &finger); /* checked above */
        for (int32_t i = 0; i < finger.codes.count; i++, m++) {
            scratch[m] = (uint16_t)list_of(finger.codes.first[i], finger.codes.second[i], kernels);
            start[scratch[m] + 1]++;
        }
    }
    for (int32_t k = 1; k < CIVID__INVERTED_STARTS; k++) start[k] += start[k - 1];
    /* Backwards, each list from its end: what was a list's end becomes its beginning. */
    for (int64_t f = last - 1; f >= first; f--) {
        (void)civid__part_finger(part, f, &finger);
        for (int32_t i = finger.codes.count - 1; i >= 0; i--) {
            const uint32_t at = --start[scratch[--m] + 1];
            codes[at] = finger.codes.first[i];
            details[at] = finger.codes.second[i];
            fingers[at] = (uint16_t)(f - first);
        }
    }
    memmove(start, start + 1, (CIVID__INVERTED_STARTS - 1) * sizeof *start);
    start[CIVID__INVERTED_STARTS - 1] = (uint32_t)minutiae;
    return CIVID_OK;
}

civid_status civid__inverted_open(const void *lists, uint64_t size, civid__inverted_t *out) {
    if (lists == NULL) return CIVID_E_NULL;
    if (size < bytes_of(0)) return CIVID_E_CAPACITY;
    if ((uintptr_t)lists & (LINE - 1)) return CIVID_E_VALUE;
    header_t header;
    memcpy(&header, lists, sizeof header);
    if (header.magic != MAGIC) return CIVID_E_VALUE;
    if (header.fingers < 0 || header.fingers > MOST_FINGERS || header.minutiae < 0 ||
        header.begin < 0 || header.end < header.begin || header.first_finger < 0)
        return CIVID_E_COUNT;
    if (size != bytes_of(header.minutiae)) return CIVID_E_CAPACITY;
    const uint8_t *const bytes = lists;
    out->begin = header.begin;
    out->end = header.end;
    out->first_finger = header.first_finger;
    out->fingers = header.fingers;
    out->minutiae = header.minutiae;
    out->start = (const uint32_t *)(const void *)(bytes + sizeof header);
    out->codes = (const uint64_t *)(const void *)(bytes + sizeof header + start_bytes());
    out->details = out->codes + header.minutiae;
    out->finger = (const uint16_t *)(const void *)(out->details + header.minutiae);
    uint32_t wrong = out->start[0] != 0;
    for (int32_t k = 1; k < CIVID__INVERTED_STARTS; k++) wrong |= out->start[k] < out->start[k - 1];
    if (wrong || out->start[CIVID__INVERTED_STARTS - 1] != (uint32_t)header.minutiae)
        return CIVID_E_COUNT;
    return CIVID_OK;
}

/* Lists from .. to - 1, which lie one behind the other. */
static inline void stretch(const civid__inverted_t *lists, const uint32_t *from, const uint32_t *to,
                           uint64_t code, uint64_t detail, const civid__kernels_t *kernels,
                           const civid__tally_t *tally) {
    const civid__run_t run = {lists->codes + *from, lists->details + *from, lists->finger + *from,
                              *to - *from};
    if (run.count > 0) kernels->run(code, detail, &run, tally);
}

void civid__inverted_sums(const civid__inverted_t *lists, const civid__codes_t *probe,
                       const uint16_t *nearest, int32_t cells, uint32_t *state) {
    enum { ALL = CIVID__INVERTED_DIRECTIONS, TURN = CIVID__INVERTED_TURN };
    const civid__kernels_t *kernels = civid__kernels();
    memset(state, 0, (size_t)lists->fingers * sizeof *state);
    for (int32_t i = 0; i < probe->count; i++) {
        const civid__tally_t tally = {state, (uint32_t)lists->fingers, (uint32_t)i + 1};
        const uint64_t code = probe->first[i], detail = probe->second[i];
        const int32_t low = (int32_t)direction(code) - TURN, high = low + 2 * TURN + 1;
        for (int32_t k = 0; k < cells; k++) {
            const uint32_t *start =
                lists->start + nearest[(size_t)i * (size_t)cells + (size_t)k] % CIVID__INVERTED * ALL;
            stretch(lists, start + (low < 0 ? 0 : low), start + (high > ALL ? ALL : high), code,
                    detail, kernels, &tally);
            if (low < 0) stretch(lists, start + ALL + low, start + ALL, code, detail, kernels, &tally);
            if (high > ALL) stretch(lists, start, start + high - ALL, code, detail, kernels, &tally);
        }
    }
}
