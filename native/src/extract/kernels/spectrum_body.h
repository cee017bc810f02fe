/* spectrum_body.h - included once for each instruction set. */
#include "mathf.h"

/* Where the values of one butterfly lie. In functions of their own, because compilers believe
 * restrict only of parameters; w: cosines and sines of the turns before it. */
typedef struct {
    int64_t from, to; /* floats from one value to the next */
    int32_t lanes;
} step_t;

#define TURNED(k)                                                                \
    const float r##k = re[k * s.from + j] * w[2 * k] - im[k * s.from + j] * w[2 * k + 1]; \
    const float i##k = im[k * s.from + j] * w[2 * k] + re[k * s.from + j] * w[2 * k + 1];
#define PUT(k, a, b) yr[k * s.to + j] = (a), yi[k * s.to + j] = (b)
#define BUTTERFLY(name)                                                                       \
    static void name(step_t s, const float *w, const float *CIVID_RESTRICT re,                \
                     const float *CIVID_RESTRICT im, float *CIVID_RESTRICT yr, float *CIVID_RESTRICT yi)

BUTTERFLY(two) {
    for (int32_t j = 0; j < s.lanes; j++) {
        const float r0 = re[j], i0 = im[j];
        TURNED(1)
        PUT(0, r0 + r1, i0 + i1);
        PUT(1, r0 - r1, i0 - i1);
    }
}

BUTTERFLY(three) {
    const float half = 0.5f, high = 0.866025404f;
    for (int32_t j = 0; j < s.lanes; j++) {
        const float r0 = re[j], i0 = im[j];
        TURNED(1)
        TURNED(2)
        const float tr = r1 + r2, ti = i1 + i2, mr = r0 - half * tr, mi = i0 - half * ti;
        const float nr = high * (r1 - r2), ni = high * (i1 - i2);
        PUT(0, r0 + tr, i0 + ti);
        PUT(1, mr + ni, mi - nr);
        PUT(2, mr - ni, mi + nr);
    }
}

BUTTERFLY(four) {
    for (int32_t j = 0; j < s.lanes; j++) {
        const float r0 = re[j], i0 = im[j];
        TURNED(1)
        TURNED(2)
        TURNED(3)
        const float ar = r0 + r2, ai = i0 + i2, br = r0 - r2, bi = i0 - i2;
        const float cr = r1 + r3, ci = i1 + i3, dr = r1 - r3, di = i1 - i3;
        PUT(0, ar + cr, ai + ci);
        PUT(1, br + di, bi - dr);
        PUT(2, ar - cr, ai - ci);
        PUT(3, br - di, bi + dr);
    }
}

BUTTERFLY(five) {
    const float c1 = 0.309016994f, c2 = -0.809016994f, s1 = 0.951056516f, s2 = 0.587785252f;
    for (int32_t j = 0; j < s.lanes; j++) {
        const float r0 = re[j], i0 = im[j];
        TURNED(1)
        TURNED(2)
        TURNED(3)
        TURNED(4)
        const float ar = r1 + r4, ai = i1 + i4, br = r2 + r3, bi = i2 + i3;
        const float dr = r1 - r4, di = i1 - i4, er = r2 - r3, ei = i2 - i3;
        const float mr = r0 + c1 * ar + c2 * br, mi = i0 + c1 * ai + c2 * bi;
        const float nr = r0 + c2 * ar + c1 * br, ni = i0 + c2 * ai + c1 * bi;
        const float pr = s1 * dr + s2 * er, pi = s1 * di + s2 * ei;
        const float qr = s2 * dr - s1 * er, qi = s2 * di - s1 * ei;
        PUT(0, r0 + ar + br, i0 + ai + bi);
        PUT(1, mr + pi, mi - pr);
        PUT(2, nr + qi, ni - qr);
        PUT(3, nr - qi, ni + qr);
        PUT(4, mr - pi, mi + pr);
    }
}

void STAGE(const civid__stage_t *stage, const float *re, const float *im, float *to_re,
           float *to_im) {
    const int32_t radix = stage->radix, done = stage->done, rest = stage->n / (radix * done);
    const step_t s = {(int64_t)done * rest * stage->stride, (int64_t)done * stage->stride,
                      stage->lanes};
    for (int32_t d = 0; d < done; d++) {
        float w[10];
        for (int32_t k = 0; k < radix; k++) {
            w[2 * k] = stage->cosine[k * d * rest];
            w[2 * k + 1] = stage->sine[k * d * rest];
        }
        for (int32_t r = 0; r < rest; r++) {
            const int64_t from = (int64_t)(d + done * r) * stage->stride;
            const int64_t to = (int64_t)(d + done * radix * r) * stage->stride;
            switch (radix) {
            case 2: two(s, w, re + from, im + from, to_re + to, to_im + to); break;
            case 3: three(s, w, re + from, im + from, to_re + to, to_im + to); break;
            case 4: four(s, w, re + from, im + from, to_re + to, to_im + to); break;
            default: five(s, w, re + from, im + from, to_re + to, to_im + to); break;
            }
        }
    }
}

void GAINS(const civid__filter_t *filter, int32_t n, float *gain) {
    const float x = filter->x, y0 = filter->y0, step = filter->step;
    const float across = x * filter->cosine, sine = filter->sine;
    const float square = filter->period * filter->period, wide = 0.25f * filter->wide;
    const float narrow = filter->narrow;
    for (int32_t k = 0; k < n; k++) {
        const float y = y0 + (float)k * step, r2 = x * x + y * y + 1e-12f;
        const float l = civid__log(r2 * square);
        const float c = (across + y * sine) * civid__inverse_sqrt(r2);
        gain[k] = civid__exp_negative(wide * l * l + narrow * (c - 1.0f));
    }
}
