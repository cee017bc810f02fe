/* fuse.c - Fisher's method with Brown's correction (R. A. Fisher, Statistical Methods for Research
 * Workers, 1932, 21.1; M. B. Brown, Biometrics 31 (1975) 987-992).
 *
 * A score s stands for p = 10^(-s/10), uniform for impostors, so -ln p is exponential, and the sum
 * X of k independent ones has the gamma distribution of shape k. Fingers of a person are not quite
 * independent: with covariance rho the mean of X stays k and its variance becomes k c,
 * c = 1 + (k - 1) rho, which X / c of shape k / c has, too. For a whole shape m the tail is
 * exp(-x) sum_{j<m} x^j / j!; in logarithms nothing underflows: -ln P = x - ln(sum). Between two
 * whole shapes its logarithm is interpolated, which is at most 0.23 too high. */
#include "search/match/fuse.h"

#include <float.h>
#include <stddef.h>
#include <string.h>

#include "civid.h"
#include "search/match/fusion.h"
#include "search/search_params.h"

#if defined(FLT_EVAL_METHOD) && FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != -1
#error "civid needs double arithmetic without excess precision (on 32-bit x86: -msse2 -mfpmath=sse)"
#endif

#define NATS_PER_UNIT 0.23025850929940457 /* ln(10) / 10 */
#define UNITS_PER_NAT 4.3429448190325183  /* 10 / ln(10) */
#define LN2 0.69314718055994531
#define FIXED_ONE 268435456.0 /* 2^28: a score of float precision is exact down to 2^-5 */

/* ln(x) of a normal x >= 1. x = m 2^e with m in [0.7, 1.42), ln m = 2 atanh((m - 1) / (m + 1));
 * twelve terms leave less than 1e-17. Only + - * /: the same bits on every CPU. */
static double logarithm(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int64_t exponent = (int64_t)(bits >> 52) - 1023;
    bits = (bits & 0x000fffffffffffffu) | 0x3ff0000000000000u;
    double m;
    memcpy(&m, &bits, sizeof m);
    if (m > 1.4142135623730951) m *= 0.5, exponent++;
    const double t = (m - 1.0) / (m + 1.0), square = t * t;
    double series = 0.0;
    for (int32_t n = 23; n >= 1; n -= 2) series = series * square + 1.0 / n;
    return 2.0 * t * series + (double)exponent * LN2;
}

/* -ln of the tail of the gamma distribution of a whole shape. */
static double tail(double x, int32_t shape) {
    double sum = 1.0; /* Horner: 1 + x/1 (1 + x/2 (1 + ...)) */
    for (int32_t j = shape - 1; j >= 1; j--) sum = 1.0 + sum * x / j;
    return x - logarithm(sum);
}

double civid__decibels(double x) { return UNITS_PER_NAT * logarithm(x); }

int64_t civid__fixed(float score) {
    const double capped = score < CIVID__MAX_SCORE ? score : CIVID__MAX_SCORE;
    return (int64_t)(capped * FIXED_ONE + 0.5);
}

float civid__fuse(const float *scores, int32_t count, const civid_fusion_t *fusion) {
    if (count == 1) return scores[0];
    int64_t sum = 0; /* below 2^53: no bit is lost, in whatever order */
    for (int32_t i = 0; i < count; i++) sum += civid__fixed(scores[i]);
    double x = (double)sum / FIXED_ONE;
    const double scale = 1.0 + fusion->dependence * (count - 1), shape = count / scale;
    const int32_t whole = (int32_t)shape;
    const double share = shape - whole;
    x *= NATS_PER_UNIT / scale;
    const double fused =
        ((1.0 - share) * tail(x, whole) + share * tail(x, whole + 1)) * UNITS_PER_NAT;
    return fused > 0.0 ? (float)fused : 0.0f;
}

float civid__best_of(float score, int32_t compared) {
    static const float correction[CIVID__MAX_COMPARED + 1] = { /* 10 log10(n) */
        0.0f,        0.0f,        3.01029996f, 4.77121255f, 6.02059991f, 6.98970004f, 7.78151250f,
        8.45098040f, 9.03089987f, 9.54242509f, 10.0f,       10.4139269f, 10.7918125f, 11.1394335f,
        11.4612804f, 11.7609126f, 12.0411998f, 12.3044892f, 12.5527251f, 12.7875360f, 13.0103000f,
        13.2221929f};
    const float corrected = score - correction[compared];
    return corrected > 0.0f ? corrected : 0.0f;
}

civid_status civid_fuse(const float *scores, int32_t count, const civid_fusion_t *fusion,
                        float *fused) {
    if (scores == NULL || fused == NULL) return CIVID_E_NULL;
    if (count < 1 || count > CIVID_POSITIONS) return CIVID_E_COUNT;
    for (int32_t i = 0; i < count; i++)
        if (!(scores[i] >= 0.0f && scores[i] <= FLT_MAX)) return CIVID_E_VALUE;
    const civid_status status = civid__fusion(fusion, &fusion);
    if (status == CIVID_OK) *fused = civid__fuse(scores, count, fusion);
    return status;
}
