/* filters.h - two-channel filter banks of odd length, symmetric about their middle tap. */
#ifndef CIVID_WSQ_FILTERS_H
#define CIVID_WSQ_FILTERS_H

#include <stdint.h>

enum {
    WSQ_MOST_TAPS = 31,
    WSQ_PAD = 16, /* samples that filters reach beyond the ends of a line */
};

/* Low-pass taps lie about even samples, high-pass taps about odd ones. */
typedef struct {
    int32_t low_taps, high_taps; /* odd */
    float low[WSQ_MOST_TAPS], high[WSQ_MOST_TAPS];
} civid__wsq_filters_t;

/* An output sample as a weighted sum of two lines, whose samples are those at even and those at odd
 * places of a signal: term t of sample m is tap[t] * line[from[t]][m + offset[t]]. Terms are added in
 * their order: it decides the last bit. */
typedef struct {
    int32_t count, evens; /* terms; terms from the even line where these come first */
    int32_t reach;        /* the furthest that a term lies before or behind its sample */
    int32_t from[2 * WSQ_MOST_TAPS], offset[2 * WSQ_MOST_TAPS];
    float tap[2 * WSQ_MOST_TAPS];
} civid__wsq_sum_t;

/* Analysis: the low-pass [0] and the high-pass sample [1] from even and odd pixels. */
void civid__wsq_split_sums(const civid__wsq_filters_t *filters, civid__wsq_sum_t sums[2]);
/* Synthesis: an even [0] and an odd pixel [1] from low-pass (even) and high-pass (odd) samples. */
void civid__wsq_join_sums(const civid__wsq_filters_t *filters, civid__wsq_sum_t sums[2]);

static inline int32_t civid__wsq_reach(const civid__wsq_sum_t sums[2]) {
    return sums[0].reach > sums[1].reach ? sums[0].reach : sums[1].reach;
}

/* Place of a sample in a signal that goes on beyond its ends as its own mirror image. */
static inline int32_t civid__wsq_mirror(int32_t place, int32_t length) {
    if (length < 2) return 0;
    const int32_t period = 2 * (length - 1);
    place %= period;
    if (place < 0) place += period;
    return place < length ? place : period - place;
}

/* Fill `reach` samples on either side of one half of a signal of this length. */
void civid__wsq_pad(float *line, int32_t is_odd, int32_t length, int32_t reach);

#endif
