/* layout.h - what stands where in the bytes of lists. */
#ifndef CIVID_SEARCH_LISTS_LAYOUT_H
#define CIVID_SEARCH_LISTS_LAYOUT_H

#include <string.h>

#include "search/inverted/inverted.h"

enum {
    CIVID__LISTS_MAGIC = 0x4c535433, /* "LST3" */
    CIVID__LISTS_LINE = 64,
    CIVID__PLACE_MOST = 24, /* bits: 65,536 subjects of 255 minutiae each */
};

typedef struct {
    uint32_t magic;
    int32_t subjects;
    uint32_t positions;
    int32_t bits; /* of a place */
    int32_t minutiae[CIVID_POSITIONS];
    uint32_t padding;
} civid__lists_header_t;

static inline uint64_t civid__lists_padded(uint64_t bytes) {
    return (bytes + CIVID__LISTS_LINE - 1) / CIVID__LISTS_LINE * CIVID__LISTS_LINE;
}

/* Bytes of the lists of a position, and where each array of them begins. */
typedef struct {
    uint64_t start, listed, subject, end;
} civid__lists_layout_t;

static inline civid__lists_layout_t civid__lists_layout(int32_t subjects, int32_t minutiae) {
    const uint64_t m = (uint64_t)minutiae;
    civid__lists_layout_t at;
    at.start = civid__lists_padded((uint64_t)subjects);
    at.listed = at.start + civid__lists_padded(CIVID__INVERTED_STARTS * sizeof(uint32_t));
    at.subject = at.listed + civid__lists_padded(m * sizeof(civid__listed_t));
    at.end = at.subject + civid__lists_padded(m);
    return at;
}

/* Bytes of the places of so many minutiae: each is read as a word of four. */
static inline uint64_t civid__places_size(uint64_t minutiae, int32_t bits) {
    return civid__lists_padded((minutiae * (uint64_t)bits + 7) / 8 + sizeof(uint32_t));
}

/* Of a header whose counts are in range. */
static inline uint64_t civid__lists_size(const civid__lists_header_t *header) {
    uint64_t size = sizeof *header, minutiae = 0;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) {
        if (header->minutiae[i] <= 0) continue;
        size += civid__lists_layout(header->subjects, header->minutiae[i]).end;
        minutiae += (uint64_t)header->minutiae[i];
    }
    return size + civid__places_size(minutiae, header->bits);
}

/* Magic and counts in range, so that sizes can be computed. */
static inline int civid__lists_header_fits(const civid__lists_header_t *header) {
    if (header->subjects < 0 || header->subjects > CIVID_INVERTED_MAX_SUBJECTS) return 0;
    if (header->bits < 1 || header->bits > CIVID__PLACE_MOST) return 0;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        if (header->minutiae[i] < 0 ||
            header->minutiae[i] > header->subjects * CIVID_MAX_MINUTIAE)
            return 0;
    return 1;
}

static inline uint32_t civid__place(const uint8_t *places, int32_t bits, uint64_t index) {
    const uint64_t at = index * (uint64_t)bits;
    uint32_t word;
    memcpy(&word, places + at / 8, sizeof word);
    return word >> (at & 7) & ((1u << bits) - 1);
}

/* Into memory that was zero. */
static inline void civid__set_place(uint8_t *places, int32_t bits, uint64_t index, uint32_t place) {
    const uint64_t at = index * (uint64_t)bits;
    uint32_t word;
    memcpy(&word, places + at / 8, sizeof word);
    word |= place << (at & 7);
    memcpy(places + at / 8, &word, sizeof word);
}

#endif
