/* inverted.h - inverted lists: the minutiae of some subjects, sorted by finger and by where their
 * codes lie, with the codes. A segment of a gallery holds them as they are here, little-endian.
 *
 * Of each position each of CIVID__INVERTED centres has 16 lists, one a direction. A probe's minutia
 * is compared with what lies around its nearest centres, in directions at most
 * CIVID__INVERTED_TURN sixteenths away: one pair of minutiae in a hundred instead of all.
 * A list says which direction it is of, so in place of a code's eight bits of it stands the upper
 * byte of whose minutia it is. Where each minutia of a print lies stands in the order of the prints:
 * who is asked once more is read there. docs/explain/sublinear.md */
#ifndef CIVID_SEARCH_INVERTED_H
#define CIVID_SEARCH_INVERTED_H

#include "civid.h"
#include "search/scan/scan.h"

enum {
    CIVID__INVERTED = 1024, /* centres */
    CIVID__INVERTED_DIRECTIONS = 16,
    CIVID__INVERTED_LISTS = CIVID__INVERTED * CIVID__INVERTED_DIRECTIONS,
    CIVID__INVERTED_STARTS = CIVID__INVERTED_LISTS + 1,
    /* The lists of the first eight directions, by centre, come before those of the others: who knows
     * a minutia's direction knows in which half it lies. */
    CIVID__INVERTED_HALF = CIVID__INVERTED_DIRECTIONS / 2,
};

/* The number of a list: of a centre, in a direction 0 .. 15. */
static inline uint32_t civid__list_of(uint32_t centre, uint32_t direction) {
    return (direction / CIVID__INVERTED_HALF * CIVID__INVERTED + centre) * CIVID__INVERTED_HALF +
           direction % CIVID__INVERTED_HALF;
}

static inline uint32_t civid__direction_of(uint32_t list) {
    return list / (CIVID__INVERTED_LISTS / 2) * CIVID__INVERTED_HALF + list % CIVID__INVERTED_HALF;
}

/* A minutia of a list: both words of its code, but that whose it is stands in the upper byte of the
 * first. Side by side, so that who reads one alone waits for one line of memory. */
typedef struct {
    uint64_t code, detail;
} civid__listed_t;

/* The lists of one position. */
typedef struct {
    int32_t minutiae;                /* 0: no subject has this finger */
    const uint8_t *counts;           /* of each subject's finger; 0 = it has none here */
    const uint32_t *start;           /* CIVID__INVERTED_STARTS */
    const civid__listed_t *listed;   /* minutiae, list by list; a list by ascending subject */
    const uint8_t *subject;          /* lower bytes; 0 = the first of these subjects */
} civid__list_t;

typedef struct {
    int32_t subjects;
    uint32_t positions; /* bit i: there is a finger of position i */
    civid__list_t list[CIVID_POSITIONS];
    /* Of each minutia, in the order of the prints, where in its half of the lists of its position it
     * lies: so many bits each, one behind the other. */
    const uint8_t *places;
    int32_t bits;
    uint64_t minutiae;
} civid__inverted_t;

/* Finding and counting take turns, so many minutiae at a time. A kernel writes whole vectors: room for
 * so many items more than it finds. */
enum { CIVID__RUN = 1024, CIVID__RUN_BEHIND = 16 };

/* Minutiae of lists, and as many that are read soon: what is waited for is memory. */
typedef struct {
    const civid__listed_t *listed;
    uint32_t count;
    const civid__listed_t *next;
} civid__run_t;

/* Which of them are nearer to the probe's one than CIVID__INVERTED_NEAR, in their order: number << 8
 * | bits of difference of each, but for those of the directions, which the lists tell. How many. */
typedef uint32_t civid__run_fn(uint64_t code, uint64_t detail, const civid__run_t *run,
                               uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]);

/* Minutiae of a list that lie in the nearest cache already, and whose they are. turn: sixteenths
 * between the probe's direction and the list's, a bit of difference each. */
typedef struct {
    const civid__listed_t *listed;
    const uint8_t *subject;
    uint32_t count, turn;
} civid__owned_t;

/* As civid__run_fn: subject << 16 | all bits of difference of each. */
typedef uint32_t civid__owners_fn(uint64_t code, uint64_t detail, const civid__owned_t *of,
                                  uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND]);

/* Bits of difference to every centre; direction bits do not count. */
typedef void civid__centres_fn(uint64_t code, uint64_t detail, uint8_t distance[CIVID__INVERTED]);
civid__centres_fn civid__centres_portable, civid__centres_avx2, civid__centres_avx512;
civid__run_fn civid__run_portable, civid__run_avx2, civid__run_avx512;
civid__owners_fn civid__owners_portable, civid__owners_avx2, civid__owners_avx512;

/* 0 .. 15 of a Johnson code; any other byte goes somewhere. */
static inline uint32_t civid__direction(uint64_t code) {
    uint32_t byte = (uint32_t)(code >> 56), ones = 0;
    for (uint32_t rest = byte; rest != 0; rest &= rest - 1) ones++;
    return (byte & 1) || ones == 0 ? ones : 16 - ones;
}

/* How many sixteenths lie between a direction and a list's. */
static inline uint32_t civid__turn_to(uint32_t direction, uint32_t list) {
    enum { ALL = CIVID__INVERTED_DIRECTIONS };
    const uint32_t off = (direction + ALL - civid__direction_of(list)) % ALL;
    return off <= ALL / 2 ? off : ALL - off;
}

/* Whose minutia j of the lists is. */
static inline uint32_t civid__whose(const civid__listed_t *listed, const uint8_t *subject,
                                    uint32_t j) {
    return (uint32_t)((const uint8_t *)&listed[j].code)[7] << 8 | subject[j];
}

/* Sizes and order of the lists; not what the minutiae are: any bits may stand there. */
civid_status civid__inverted_open(const void *lists, uint64_t size, civid__inverted_t *out);

/* The codes of a finger of subject s as they were before they went into the lists of its position.
 * Its minutiae are those from `index` on in the order of the prints; `angle` has their directions. */
civid_status civid__inverted_codes(const civid__inverted_t *lists, int32_t position, int32_t s,
                                   uint64_t index, const uint8_t *angle, int32_t count,
                                   uint64_t *first, uint64_t *second);

/* Has what that will read fetched. */
void civid__inverted_fetch(const civid__inverted_t *lists, int32_t position, uint64_t index,
                           const uint8_t *angle, int32_t count);

/* Minutiae of a finger of a probe that are asked, the densest first: of each its number and its
 * nearest centres, `cells` of them, one behind the other. */
typedef struct {
    const uint16_t *row;
    int32_t count, cells;
} civid__asked_t;

/* Sums of all subjects in state >> 16. Of what is asked the first `done` are in them already; 0: none
 * is, whatever stood there. */
void civid__inverted_sums(const civid__list_t *list, int32_t subjects, const civid__codes_t *probe,
                          const civid__asked_t *asked, int32_t done, uint32_t *state);

/* How many minutiae of a finger are asked, where several fingers are or one is. */
int32_t civid__inverted_most(int32_t several);

#endif
