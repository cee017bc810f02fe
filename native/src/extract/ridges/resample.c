/* resample.c - to 500 dpi by a separable cubic (Catmull-Rom, Keys 1981), stretched when it reduces
 * so that nothing aliases. Integer weights: the same bits everywhere. */
#include <string.h>

#include "extract/extract_stages.h"

enum {
    ONE = 16384, /* weights are Q14 */
    MIDDLE = 6   /* rows between the two passes are Q6: 255 with overshoot fits int16 */
};

static double cubic(double t) {
    t = t < 0 ? -t : t;
    if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
    if (t < 2) return ((-0.5 * t + 2.5) * t - 4) * t + 2;
    return 0;
}

/* Weights of output i; returns the first input item, taps of them. */
static int32_t weigh(int32_t i, double step, int32_t taps, int16_t *out) {
    const double widen = step > 1 ? step : 1;
    const double centre = (i + 0.5) * step - 0.5;
    const double low = centre - 2 * widen;
    int32_t first = (int32_t)low; /* ceil, for either sign */
    if (first < low) first++;
    double w[RESAMPLE_MAX_TAPS], sum = 0;
    for (int32_t k = 0; k < taps; k++) sum += w[k] = cubic((first + k - centre) / widen);
    int32_t total = 0, largest = 0;
    for (int32_t k = 0; k < taps; k++) {
        const double v = w[k] * ONE / sum;
        out[k] = (int16_t)(v < 0 ? v - 0.5 : v + 0.5);
        total += out[k];
        if (out[k] > out[largest]) largest = k;
    }
    out[largest] = (int16_t)(out[largest] + ONE - total); /* constants stay constant */
    return first;
}

static int32_t clamp(int32_t v, int32_t high) { return v < 0 ? 0 : v > high ? high : v; }

/* One input row -> one row of the output's width. */
static void across(const civid__frame_t *f, const uint8_t *row, int32_t width, int32_t taps,
                   int16_t *out) {
    const int16_t *entry = f->weights;
    for (int32_t x = 0; x < f->width; x++, entry += RESAMPLE_MAX_TAPS + 2) {
        int32_t first;
        memcpy(&first, entry + RESAMPLE_MAX_TAPS, sizeof first);
        int32_t sum = 1 << (13 - MIDDLE);
        if (first >= 0 && first + taps <= width)
            for (int32_t k = 0; k < taps; k++) sum += entry[k] * row[first + k];
        else
            for (int32_t k = 0; k < taps; k++) sum += entry[k] * row[clamp(first + k, width - 1)];
        out[x] = (int16_t)(sum >> (14 - MIDDLE));
    }
}

void civid__resample(civid__frame_t *f, const uint8_t *pixels, int32_t width, int32_t height,
                     int64_t stride, double dpi) {
    if (width == f->width && height == f->height) { /* under half a pixel of difference */
        for (int32_t y = 0; y < height; y++)
            memcpy(f->grey + (int64_t)y * width, pixels + y * stride, (size_t)width);
        return;
    }
    const double step = dpi / 500.0;
    /* The open support has at most ceil(4 widen) items. */
    const double support = 4 * (step > 1 ? step : 1);
    int32_t taps = (int32_t)support;
    if (taps < support) taps++;
    for (int32_t x = 0; x < f->width; x++) {
        int16_t *entry = f->weights + (int64_t)x * (RESAMPLE_MAX_TAPS + 2);
        const int32_t first = weigh(x, step, taps, entry);
        memcpy(entry + RESAMPLE_MAX_TAPS, &first, sizeof first);
    }
    int32_t ready = -1; /* the last input row that is in the ring */
    for (int32_t y = 0; y < f->height; y++) {
        int16_t w[RESAMPLE_MAX_TAPS];
        const int16_t *rows[RESAMPLE_MAX_TAPS];
        const int32_t first = weigh(y, step, taps, w);
        const int32_t last = clamp(first + taps - 1, height - 1);
        if (ready < clamp(first, height - 1) - 1) ready = clamp(first, height - 1) - 1;
        for (; ready < last; ready++)
            across(f, pixels + (ready + 1) * stride, width, taps,
                   f->ring + (int64_t)((ready + 1) % RESAMPLE_MAX_TAPS) * f->width);
        for (int32_t k = 0; k < taps; k++)
            rows[k] = f->ring +
                      (int64_t)(clamp(first + k, height - 1) % RESAMPLE_MAX_TAPS) * f->width;
        uint8_t *out = f->grey + (int64_t)y * f->width;
        int32_t *sum = f->columns;
        for (int32_t x = 0; x < f->width; x++) sum[x] = 1 << (13 + MIDDLE);
        for (int32_t k = 0; k < taps; k++)
            for (int32_t x = 0; x < f->width; x++) sum[x] += w[k] * rows[k][x];
        for (int32_t x = 0; x < f->width; x++)
            out[x] = (uint8_t)clamp(sum[x] >> (14 + MIDDLE), 255);
    }
}
