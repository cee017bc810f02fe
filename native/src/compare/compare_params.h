/* compare_params.h - every constant of the comparator, and where it comes from.
 *
 * "tuned" = chosen on the training fingers of the public sets named in docs/explain/comparison.md,
 * judged on the other fingers. */
#ifndef CIVID_COMPARE_PARAMS_H
#define CIVID_COMPARE_PARAMS_H

/* ---- units of a prepared template -------------------------------------------------------- */
#define CIVID__UNITS_PER_PX 4  /* coordinates are int16 in quarters of a px: finer than any extractor */
#define CIVID__MAX_COORDINATE 4096.0f /* px; twice the largest image, and no int32 product overflows */
#define CIVID__MAX_ANGLE 64.0f /* rad; a few turns are tolerated, nonsense is not */
#define CIVID__TURN 256        /* directions are uint8: 1.4 degrees, ISO/IEC 19794-2's own step */

/* ---- cylinders: Cappelli, Ferrara, Maltoni, PAMI 32(12) 2010 ------------------------------ */
#define CIVID__RADIUS 70   /* px, their R */
#define CIVID__GRID 8      /* cells across, their N_S; the corners outside the circle are kept */
#define CIVID__SECTIONS 6  /* angular sections, their N_D */
#define CIVID__CELLS (CIVID__GRID * CIVID__GRID * CIVID__SECTIONS)
#define CIVID__REACH 98    /* px, R + 3 sigma_s: farther neighbours contribute nothing */
#define CIVID__CELL_THRESHOLD 314573 /* 0.3 in Q20 (tuned; a cell is full or empty) */

/* ---- codes ------------------------------------------------------------------------------- */
#define CIVID__CODE_BITS 256
#define CIVID__CODE_WORDS (CIVID__CODE_BITS / 64)
#define CIVID__BLOCK 8 /* minutiae whose codes lie word by word beside each other: one zmm */

/* ---- candidates and relaxation (structure after MCC's LSSR; numbers tuned) ---------------- */
#define CIVID__MAX_CANDIDATES 48 /* a multiple of 16 lanes */
#define CIVID__MIN_CANDIDATES 4
#define CIVID__CODE_CHANCE 112   /* bits of difference at which a likeness counts as none */
#define CIVID__RELAX_ROUNDS 5    /* LSSR */
#define CIVID__DISTANCE_BASE 8.0f    /* px */
#define CIVID__DISTANCE_SLOPE 0.06f  /* px a px: skin stretches */
#define CIVID__DIRECTION_TOLERANCE 0.5f /* rad */
#define CIVID__BEARING_TOLERANCE 0.35f  /* rad, far away */
#define CIVID__BEARING_NEAR 5.0f        /* px: what position noise adds close by */
#define CIVID__BEARING_SOFT 8.0f        /* px */
#define CIVID__RELAX_GAIN 3.0f /* weight 0.5 on the neighbours' mean, times 6 */

/* ---- pairing ----------------------------------------------------------------------------- */
#define CIVID__SUPPORT_MIN 0.05f /* mean compatibility with those chosen already */
#define CIVID__PAIRING_ROUNDS 2
#define CIVID__ROTATION_WEIGHT 200.0f /* px^2: what the directions weigh against the positions */
#define CIVID__LOCAL_PRIOR 0.12f      /* weight of "no local distortion" */
#define CIVID__LOCAL_REACH 40.0f      /* px */
#define CIVID__PAIR_DISTANCE 14.0f    /* px */
#define CIVID__PAIR_DIRECTION 0.6f    /* rad */
#define CIVID__HULL_MARGIN 12.0f      /* px */
#define CIVID__FEW_PAIRS 5    /* fewer prove nothing: one mated comparison in a thousand has so few */
#define CIVID__FEW_PRICE 200  /* raw for each that is missing; 3.8 dB */
#define CIVID__MAX_OFFERS 8192        /* geometric candidates kept: only absurd input has more */

/* ---- growth (chosen on the 13 sets of real prints; docs/explain/comparison.md) --------------- */
#define CIVID__GROW_FROM 3000 /* one stranger in fifty: 1 to 2 % of the time */
#define CIVID__GROW_CLUSTER 2
#define CIVID__GROW_SUPPORT 0.4f
#define CIVID__GROW_ROUNDS 2
#define CIVID__GROW_REACH 35.0f      /* px */
#define CIVID__GROW_PRIOR 0.05f      /* weight of "no local shift" */
#define CIVID__GROW_STIFFNESS 800.0f /* px^2, weight of "no local turn and scale" */
#define CIVID__GROW_DISTANCE 13.0f   /* px */

/* ---- second look (chosen on civid's own minutiae, SOCOFing's among them, judged on MINDTCT's; units
 * of raw similarity: 52 are a dB) ------------------------------------------------------------- */
#define CIVID__LOOK_FROM 4032      /* 36 dB */
#define CIVID__LOOK_RAMP 276.0f    /* in full force from 41 dB on */
#define CIVID__LOOK_REACH 20.0f    /* px, around which density is taken */
#define CIVID__LOOK_NOISE 3.0f     /* px, what a minutia's place is known to */
#define CIVID__LOOK_PLAIN 2.1f     /* mean surprise of a pair that changes nothing */
#define CIVID__LOOK_GAIN 2200.0f   /* 42 dB a unit of surprise */
#define CIVID__LOOK_LEAST -1104.0f /* -21 dB */
#define CIVID__LOOK_MOST 552.0f    /* +11 dB */
#define CIVID__LOOK_FEW 8          /* pairs that raise nothing */
#define CIVID__LOOK_MANY 16        /* pairs that raise in full */
#define CIVID__LOOK_KEPT 0.1f      /* of what lies above LOOK_FROM, so that order is not lost */

#endif
