/* search_params.h - the constants of fusion, and where they come from. */
#ifndef CIVID_SEARCH_PARAMS_H
#define CIVID_SEARCH_PARAMS_H

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
