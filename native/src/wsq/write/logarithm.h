/* logarithm.h - logarithm and power in double, the same bits everywhere: libm's differ between
 * platforms, and a file should not depend on where it was made. */
#ifndef CIVID_WSQ_LOGARITHM_H
#define CIVID_WSQ_LOGARITHM_H

#include <math.h> /* frexp, ldexp, floor, sqrt only: exact by IEEE 754 */

#define WSQ_LN2 0.69314718055994530942

/* Natural logarithm of a positive number: the series of atanh((m - 1) / (m + 1)), with the mantissa m
 * in [sqrt(1/2), sqrt(2)). Error below 1e-15 relative to max(1, |log x|). */
static inline double civid__wsq_log(double x) {
    int exponent;
    double m = frexp(x, &exponent);
    if (m < 0.70710678118654752440) {
        m *= 2;
        exponent--;
    }
    const double r = (m - 1) / (m + 1), s = r * r;
    double p = 0;
    for (int k = 21; k >= 1; k -= 2) p = p * s + 1.0 / k;
    return exponent * WSQ_LN2 + 2 * r * p;
}

/* e to the power of x, |x| < 700: 2^k times a Taylor series on half a bit either side. */
static inline double civid__wsq_exp(double x) {
    const double k = floor(x / WSQ_LN2 + 0.5), r = x - k * WSQ_LN2;
    double p = 1;
    for (int n = 16; n >= 1; n--) p = 1 + p * r / n;
    return ldexp(p, (int)k);
}

#endif
