/* fuse.h - scores of independent fingers to one score. */
#ifndef CIVID_SEARCH_FUSE_H
#define CIVID_SEARCH_FUSE_H

#include <stdint.h>

#include "civid.h"

/* scores are finite and >= 0, 1 <= count <= CIVID_POSITIONS. fusion has been
 * checked. Their order changes no bit. */
float civid__fuse(const float *scores, int32_t count, const civid_fusion_t *fusion);

/* The score of the best of `compared` comparisons, corrected for having chosen it (Bonferroni):
 * 1 <= compared <= CIVID__MAX_COMPARED. */
#define CIVID__MAX_COMPARED 21 /* an unknown finger on both sides: 11 + 11 - 1 */
float civid__best_of(float score, int32_t compared);

/* A score as the integer that fusion adds up: equal sums of equally many make equal fused scores.
 * Below 2^48. */
int64_t civid__fixed(float score);

/* 10 log10(x), 1 <= x: what a choice among x costs. */
double civid__decibels(double x);

#endif
