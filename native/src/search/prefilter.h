/* prefilter.h - what the two prefilters share: the one that scans all codes (prefilter.c) and the one
 * with an inverted index (inverted_prefilter.c). */
#ifndef CIVID_SEARCH_PREFILTER_H
#define CIVID_SEARCH_PREFILTER_H

#include <stddef.h>

#include "search/arrays/part.h"

#define CIVID__NOTHING (-1e30f) /* no finger to compare */

/* A probe, its fingers in the order in which they are taken. */
typedef struct {
    int32_t count;
    uint8_t position[CIVID_POSITIONS];
    civid__finger_t finger[CIVID_POSITIONS];
    civid__codes_t first[CIVID_POSITIONS]; /* for the coarse stage */
    civid__scan_unit_t unit[CIVID_POSITIONS];
    uint64_t dense[CIVID_POSITIONS][CIVID__MAX_PROBE_MINUTIAE];
} civid__probe_t;

/* Where several fingers are taken, `first` has some minutiae only. */
civid_status civid__read_probe(const civid_part_t *probes, int64_t slot, int32_t fingers,
                               civid__probe_t *probe);

/* May these two fingers be the same? */
static inline int civid__comparable(int32_t probe, int32_t reference, int32_t flags) {
    return probe == reference || probe == 0 || reference == 0 || (flags & CIVID_PREFILTER_ANY_FINGER);
}

/* Nothing found yet, whatever is refused later. A count of probes out of range is refused and
 * nothing written, for no one knows how long the array is. */
static inline void civid__clear_counts(int64_t *counts, int64_t probes) {
    if (counts == NULL || probes < 0 || probes > CIVID_PREFILTER_MAX_PROBES) return;
    for (int64_t p = 0; p < probes; p++) counts[p] = 0;
}

/* The fine stage of two fingers whose packed templates were looked at: what the nearest of all
 * minutiae of the reference agree on, on the scale of impostors. */
float civid__fine(const civid__finger_t *probe, const civid__finger_t *reference);

/* The fingers' values added up, brought back to one standard deviation: Stouffer's method. */
float civid__stouffer(float sum, int32_t terms);

/* The minutiae of a packed template with most others around them, the densest first: those that
 * another print of the finger has, too. number: at most its count. */
void civid__dense_order(const void *packed, int32_t number, uint8_t *order);

/* Numbers the `wanted` best values 1, 2, ...; 0 for the others. How many have one. */
int32_t civid__rank_best(float *values, int64_t count, int64_t wanted, uint16_t *rank);

/* The best `keep` values, of subjects begin, begin + 1, ..., in this order. How many they are. */
int64_t civid__best(const float *values, int64_t count, int64_t keep, int64_t begin, int64_t slot,
                    civid_candidate_t *candidates);

#endif
