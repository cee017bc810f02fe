/* The engine's own elementary functions against libm: how far off, everywhere. */
#include "mathf.h"

#include "test.h"

static double apart(double a, double b) { return a > b ? a - b : b - a; }

static void sine_and_cosine(void) {
    for (int32_t i = -200000; i <= 200000; i++) {
        const float x = (float)i * 0.005f; /* -1000 .. 1000 */
        float s, c;
        civid__sincos(x, &s, &c);
        if (apart(s, sin((double)x)) > 3e-6 || apart(c, cos((double)x)) > 3e-6) {
            fprintf(stderr, "x = %.9g\n", (double)x);
            CHECK(!"sincos is too far off");
            return;
        }
    }
}

static void arc_tangent(void) {
    for (int32_t i = 0; i < 3600; i++) {
        const double turn = (i - 1799.5) * (3.14159265358979323846 / 1800);
        for (double radius = 1e-20; radius < 1e20; radius *= 1e5) {
            const float x = (float)(radius * cos(turn)), y = (float)(radius * sin(turn));
            if (apart(civid__atan2(y, x), atan2((double)y, (double)x)) > 2e-5) {
                fprintf(stderr, "y = %.9g, x = %.9g\n", (double)y, (double)x);
                CHECK(!"atan2 is too far off");
                return;
            }
        }
    }
    CHECK(civid__atan2(0, 0) == 0);
    CHECK(civid__atan2(0, -1) == CIVID_PI);
    CHECK(civid__atan2(1, 0) > 1.5707f && civid__atan2(1, 0) < 1.5709f);
}

static void differences_of_angles(void) {
    for (int32_t i = -700; i <= 700; i++)
        for (int32_t j = -700; j <= 700; j += 7) {
            const float d = civid__angle_difference((float)i * 0.01f, (float)j * 0.01f);
            CHECK(d > -CIVID_PI - 1e-5f && d <= CIVID_PI + 1e-5f);
            CHECK(apart(cos((double)d), cos((i - j) * 0.01)) < 1e-5);
            CHECK(apart(sin((double)d), sin((i - j) * 0.01)) < 1e-5);
        }
}

static void exponential(void) {
    for (int32_t i = -80000; i <= 80000; i++) {
        const float x = (float)i * 0.001f;
        if (apart(civid__expf(x) / exp((double)x), 1) > 1e-6) {
            fprintf(stderr, "x = %.9g\n", (double)x);
            CHECK(!"exp is too far off");
            return;
        }
    }
    CHECK(civid__expf(-1e30f) >= 0 && civid__expf(-1e30f) < 1e-34f);
    CHECK(civid__expf(1e30f) > 1e34f && civid__expf(1e30f) <= 1e35f);
}

static void exponential_of_what_is_negative(void) {
    for (int32_t i = 0; i <= 87000; i++) {
        const float x = (float)i * -0.001f;
        if (apart(civid__exp_negative(x) / exp((double)x), 1) > 1e-6) {
            fprintf(stderr, "x = %.9g\n", (double)x);
            CHECK(!"exp of a negative number is too far off");
            return;
        }
    }
    CHECK(civid__exp_negative(0) == 1.0f);
    for (float x = -87; x > -600; x *= 1.01f) CHECK(fabsf(civid__exp_negative(x)) < 1e-20f);
}

static void inverse_square_root(void) {
    for (float x = 1.2e-38f; x < 3e38f; x *= 1.00037f)
        if (apart(civid__inverse_sqrt(x) * sqrt((double)x), 1) > 1e-6) {
            fprintf(stderr, "x = %.9g\n", (double)x);
            CHECK(!"1 / sqrt is too far off");
            return;
        }
}

static void logarithm(void) {
    for (float x = 1.2e-38f; x < 3e38f; x *= 1.00037f) {
        const double exact = log((double)x), size = apart(exact, 0) > 1 ? apart(exact, 0) : 1;
        if (apart(civid__log(x), exact) > 1e-6 * size) {
            fprintf(stderr, "x = %.9g\n", (double)x);
            CHECK(!"log is too far off");
            return;
        }
    }
    CHECK(civid__log(1.0f) == 0.0f);
}

int main(void) {
    RUN(sine_and_cosine);
    RUN(arc_tangent);
    RUN(exponential);
    RUN(exponential_of_what_is_negative);
    RUN(inverse_square_root);
    RUN(logarithm);
    RUN(differences_of_angles);
    return DONE();
}
