/* bin_widths.c - bits go to the sub-bands by their variance. */
#include "wsq/write/bin_widths.h"

#include "wsq/write/logarithm.h"

#define LEAST_VARIANCE 1.01
#define LOADING 2.5    /* half the range of a sub-band's values, in deviations */
#define NARROWEST 0.25 /* finer than grey values are; numbers of bins have 16 bits */
#define WIDEST 50000.0 /* what a table can say */
enum { FINEST = 52 };  /* the first of the sub-bands that have weights */

static const double weights[WSQ_BANDS - FINEST] = {1.32, 1.08, 1.42, 1.08, 1.32, 1.42, 1.08, 1.08};

/* Share of the image that a sub-band has. */
static double share(int32_t band) {
    return band < 4 ? 1.0 / 1024 : band < 51 ? 1.0 / 256 : 1.0 / 16;
}

/* Width of the bins of a sub-band, relative to the others. */
static double relative(int32_t band, double variance) {
    if (band < 4) return 1;
    const double weight = band < FINEST ? 1 : weights[band - FINEST];
    return 10 / (weight * civid__wsq_log(variance));
}

void civid__wsq_bin_widths(const double variances[WSQ_BANDS], double bitrate,
                           double widths[WSQ_BANDS]) {
    double deviations[WSQ_BANDS];
    int32_t is_in[WSQ_BANDS], dropped;
    for (int32_t b = 0; b < WSQ_BANDS; b++) {
        is_in[b] = variances[b] >= LEAST_VARIANCE;
        deviations[b] = is_in[b] ? sqrt(variances[b]) : 0;
        widths[b] = is_in[b] ? relative(b, variances[b]) : 0;
    }
    /* One factor for all, so that the bits add up; sub-bands that would get less than none are left
     * out of the sum, until there are no more. */
    double factor = 1;
    do {
        double shares = 0, logarithm = 0;
        for (int32_t b = 0; b < WSQ_BANDS; b++) {
            if (!is_in[b]) continue;
            shares += share(b);
            logarithm += share(b) * civid__wsq_log(deviations[b] / widths[b]);
        }
        if (shares == 0) break;
        const double power = WSQ_LN2 * (bitrate / shares - 1) - logarithm / shares;
        factor = civid__wsq_exp(power < 100 ? power : 100) / LOADING;
        dropped = 0;
        for (int32_t b = 0; b < WSQ_BANDS; b++)
            if (is_in[b] && widths[b] / factor >= 2 * LOADING * deviations[b]) {
                is_in[b] = 0;
                dropped++;
            }
    } while (dropped);
    for (int32_t b = 0; b < WSQ_BANDS; b++) {
        if (widths[b] == 0) continue;
        const double width = widths[b] / factor;
        widths[b] = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
    }
}
