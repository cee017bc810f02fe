/* search_params.h - the constants of the prefilters and of fusion, and where they come from.
 *
 * "tuned": chosen on training fingers, judged on others (docs/explain/search.md, sublinear.md). */
#ifndef CIVID_SEARCH_PARAMS_H
#define CIVID_SEARCH_PARAMS_H

/* ---- coarse stages: the scan of all codes, the inverted index --------------------------------- */
#define CIVID__SCAN_NEAR 20     /* bits of 64: partners farther than this say nothing (tuned) */
#define CIVID__INVERTED_NEAR 46 /* bits of 128 (tuned) */
#define CIVID__INVERTED_SINGLE 40 /* minutiae of a probe's one finger that are asked (tuned) */
#define CIVID__INVERTED_SEVERAL 24 /* of each finger, where there are several (tuned) */
#define CIVID__INVERTED_COARSE 0.25f /* weight of the coarse stage beside the fine one (chosen) */
#define CIVID__INVERTED_TURN 2  /* sixteenths of a turn either way (tuned) */
#define CIVID__MAX_PROBE_MINUTIAE 32 /* of each finger, where there are several (chosen) */
#define CIVID__DENSE_REACH 60   /* px: within it the minutiae around one count for half or more */

/* How many references go on to the fine stage: one in SHARE of the scan (two fingers discriminate
 * better, so of those a quarter as many) or of the inverted index (of a single finger, ALONE), at
 * least LEAST of a range, and at least TIMES what is kept in the end (measured:
 * docs/explain/search.md, sublinear.md). */
#define CIVID__SCAN_SHARE 32
#define CIVID__INVERTED_SHARE 160
#define CIVID__INVERTED_SHARE_ALONE 24
#define CIVID__FINE_LEAST 64
#define CIVID__SCAN_TIMES 4
#define CIVID__INVERTED_TIMES 2

/* ---- fine stage: partners that agree on a movement -------------------------------------------- */
#define CIVID__AGREE_NEAR 44   /* bits of 128: as above (tuned) */
#define CIVID__AGREE_STEPS 32  /* of rotation: 11 degrees each */
#define CIVID__AGREE_SIDE 2    /* and as many steps on either side count */
#define CIVID__AGREE_SQUARE 24 /* px: partners moved within it agree */

/* ---- fusion ---------------------------------------------------------------------------------- */

/* Covariance of -ln p between two fingers of a pair of persons, against 1 for a finger with itself.
 * Measured on all 19,900 pairs of the 200 persons of SOCOFing/Real, ten fingers each: 0.059 as the
 * mean of all pairs of fingers (docs/explain/fusion.md). Poor prints are poor on all fingers. */
#define CIVID__DEPENDENCE 0.06

/* A calibration cannot say more than this; it keeps X^10 far from overflow. */
#define CIVID__MAX_SCORE 1e6f

/* What each way of taking labels for wrong costs, in units of score (swapped.c). The weights
 * 10^(-price/10) are 0.794, 0.050, 0.025, 0.025 and 0.100 and add up to 0.995 <= 1. Chosen, not
 * measured: labels are mostly right, so sets with right labels shall lose next to nothing; hands
 * mixed are the commonest mistake; any order must stay within reach of a single finger. */
#define CIVID__PRICE_LABELLED 1.0
#define CIVID__PRICE_OTHER_HAND 13.0
#define CIVID__PRICE_OTHER_SLAP 16.0
#define CIVID__PRICE_EXCHANGED 16.0
#define CIVID__PRICE_ANY 10.0

#endif
