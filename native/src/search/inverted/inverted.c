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

/* Lists from .. to - 1, which lie one behind the other. */
typedef struct {
    uint32_t from, to;
} stretch_t;

/* The lists in reach of a direction around a centre: one stretch, or two across the turn's end. */
static int32_t stretches(const civid__list_t *list, uint64_t code, uint32_t centre,
                         stretch_t out[2]) {
    enum { ALL = CIVID__INVERTED_DIRECTIONS, TURN = CIVID__INVERTED_TURN };
    const uint32_t *start = list->start + centre % CIVID__INVERTED * ALL;
    const int32_t low = (int32_t)direction(code) - TURN, high = low + 2 * TURN + 1;
    out[0] = (stretch_t){start[low < 0 ? 0 : low], start[high > ALL ? ALL : high]};
    if (low >= 0 && high <= ALL) return 1;
    out[1] = low < 0 ? (stretch_t){start[ALL + low], start[ALL]}
                     : (stretch_t){start[0], start[high - ALL]};
    return 2;
}

/* All stretches of a row, 2 a centre at most, so that what comes can be fetched ahead. */
static int32_t stretches_of(const civid__list_t *list, uint64_t code, const uint16_t *row,
                            int32_t cells, stretch_t *out) {
    int32_t count = 0;
    for (int32_t c = 1; c <= cells; c++) {
        const int32_t first = count, more = stretches(list, code, row[c], out + count);
        for (int32_t p = 0; p < more; p++)
            if (out[first + p].to > out[first + p].from) out[count++] = out[first + p];
    }
    return count;
}

enum { AHEAD = 3, LINE_CODES = LINE / 8, LINE_SUBJECTS = LINE / 2 };

/* The beginnings of a stretch; the processor sees how it goes on. */
static inline void fetch(const civid__list_t *list, const stretch_t *stretch, int codes) {
    CIVID_PREFETCH(list->subject + stretch->from);
    CIVID_PREFETCH(list->subject + stretch->from + LINE_SUBJECTS);
    for (uint32_t j = stretch->from; codes && j < stretch->to && j < stretch->from + 4 * LINE_CODES;
         j += LINE_CODES) {
        CIVID_PREFETCH(list->codes + j);
        CIVID_PREFETCH(list->details + j);
    }
}

void civid__inverted_sums(const civid__list_t *list, int32_t subjects, const civid__codes_t *probe,
                          const civid__asked_t *asked, int32_t done, uint32_t *state,
                          civid__notes_t *notes) {
    const civid__kernels_t *kernels = civid__kernels();
    if (done == 0) memset(state, 0, (size_t)subjects * sizeof *state);
    const uint16_t *row = asked->row + (ptrdiff_t)done * (1 + asked->cells);
    for (int32_t k = done; k < asked->count; k++, row += 1 + asked->cells) {
        const civid__tally_t tally = {state, (uint32_t)subjects, (uint32_t)k + 1, notes};
        const uint64_t code = probe->first[row[0]], detail = probe->second[row[0]];
        stretch_t part[2 * CIVID_INVERTED_MAX_CELLS];
        const int32_t parts = stretches_of(list, code, row, asked->cells, part);
        for (int32_t p = 0; p < parts; p++) {
            if (p + AHEAD < parts) fetch(list, &part[p + AHEAD], 1);
            const uint32_t from = part[p].from;
            const civid__run_t run = {list->codes + from, list->details + from,
                                      list->subject + from, part[p].to - from, from};
            if (notes->room - notes->count <= run.count) notes->step = 0;
            kernels->run(code, detail, &run, &tally);
        }
    }
}

static uint32_t bits_of(uint64_t v) {
    v -= v >> 1 & 0x5555555555555555u;
    v = (v & 0x3333333333333333u) + (v >> 2 & 0x3333333333333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (uint32_t)(v * 0x0101010101010101u >> 56);
}

enum { WORD = 64, WORDS = CIVID_INVERTED_MAX_SUBJECTS / WORD };

/* Who has a rank, a bit each: stays in the nearest cache. No partner is known of them yet. */
static void nobody_yet(int32_t subjects, const civid__asked_t *asked, const uint16_t *rank,
                       int32_t ranks, uint64_t ranked[WORDS], uint16_t *partner) {
    memset(ranked, 0, ((size_t)subjects + WORD - 1) / WORD * sizeof *ranked);
    for (int32_t s = 0; s < subjects; s++)
        ranked[s / WORD] |= (uint64_t)(rank[s] > 0) << (s % WORD);
    for (int64_t k = 0; k < (int64_t)ranks * asked->count; k++) partner[k] = CIVID__PARTNER_NONE;
}

void civid__inverted_noted(const civid__list_t *list, int32_t subjects, const uint64_t *entry,
                           uint32_t count, const civid__asked_t *asked, const uint16_t *rank,
                           int32_t ranks, uint16_t *partner) {
    uint64_t ranked[WORDS];
    nobody_yet(subjects, asked, rank, ranks, ranked, partner);
    for (uint32_t n = 0; n < count; n++) {
        const uint32_t s = entry[n] >> 16 & 0xffff, k = entry[n] & 0xff;
        if (s >= (uint32_t)subjects || !(ranked[s / WORD] >> (s % WORD) & 1)) continue;
        const uint8_t minutia = list->minutia[entry[n] >> 32];
        if (k >= (uint32_t)asked->count || minutia >= list->counts[s]) continue;
        const uint32_t key = (uint32_t)(entry[n] & 0xff00) | minutia;
        uint16_t *mine = &partner[(size_t)(rank[s] - 1) * (size_t)asked->count + k];
        if (key < *mine) *mine = (uint16_t)key;
    }
}

void civid__inverted_partners(const civid__list_t *list, int32_t subjects,
                              const civid__codes_t *probe, const civid__asked_t *asked,
                              const uint16_t *rank, int32_t ranks, uint16_t *partner) {
    uint64_t ranked[WORDS];
    nobody_yet(subjects, asked, rank, ranks, ranked, partner);
    const uint16_t *row = asked->row;
    for (int32_t k = 0; k < asked->count; k++, row += 1 + asked->cells) {
        const uint64_t code = probe->first[row[0]], detail = probe->second[row[0]];
        stretch_t part[2 * CIVID_INVERTED_MAX_CELLS];
        const int32_t parts = stretches_of(list, code, row, asked->cells, part);
        for (int32_t p = 0; p < parts; p++) {
            if (p + AHEAD < parts) fetch(list, &part[p + AHEAD], 0);
            for (uint32_t j = part[p].from; j < part[p].to; j++) {
                const uint32_t s = list->subject[j];
                if (s >= (uint32_t)subjects || !(ranked[s / WORD] >> (s % WORD) & 1)) continue;
                if (list->minutia[j] >= list->counts[s]) continue;
                const uint32_t bits =
                    bits_of(code ^ list->codes[j]) + bits_of(detail ^ list->details[j]);
                const uint32_t key = bits << 8 | list->minutia[j];
                uint16_t *mine = &partner[(size_t)(rank[s] - 1) * (size_t)asked->count + (size_t)k];
                if (key < *mine) *mine = (uint16_t)key;
            }
        }
    }
}

int32_t civid__inverted_most(int32_t several) {
    return several ? CIVID__INVERTED_SEVERAL : CIVID__INVERTED_SINGLE;
}
