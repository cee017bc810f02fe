/* params.h - the constants of fusion, and where they come from. */
#ifndef CIVID_SEARCH_PARAMS_H
#define CIVID_SEARCH_PARAMS_H

/* Covariance of -ln p between two fingers of a pair of persons, against 1 for a finger with itself.
 * Measured on all 19,900 pairs of the 200 persons of SOCOFing/Real, ten fingers each: 0.059 as the
 * mean of all pairs of fingers (docs/explain/fusion.md). Poor prints are poor on all fingers. */
#define CIVID__DEPENDENCE 0.06

/* A calibration cannot say more than this; it keeps X^10 far from overflow. */
#define CIVID__MAX_SCORE 1e6f

#endif
