/* raw.c - the features of a comparison in one number: a logistic model, brought to one scale.
 *
 * What impostors reach depends on how many minutiae the poorer print has: many find more chance
 * partners, and spread wider. The level and the spread of impostors with that count are taken out,
 * so that one calibration serves all; the spread has a least, as few minutiae prove little. 2000 is the
 * median impostor, 3000 their 98th percentile.
 *
 * Two prints that hardly overlap have nothing that speaks against them, and mates have five pairs or
 * are hopeless; so each that is missing costs, or prints with few or scattered minutiae would resemble
 * everybody. */
#include <math.h>

#include "tables/comparator_model.h"
#include "compare/compare_stages.h"
#include "mathf.h"

int32_t civid__raw(const civid__features_t *f) {
    if (f->pairs < 1) return 0;
    const int32_t overlap = f->overlap_a < f->overlap_b ? f->overlap_a : f->overlap_b;
    const int32_t fewer = f->count_a < f->count_b ? f->count_a : f->count_b;
    const int32_t more = f->count_a < f->count_b ? f->count_b : f->count_a;
    const int32_t common = f->overlap_a + f->overlap_b, alone = common - 2 * f->pairs;
    /* below six minutiae a share says little */
    const float share = 1.0f / (float)(overlap > 6 ? overlap : 6);
    const float x = CIVID__MODEL_CLUSTER * sqrtf(f->cluster) +
                    CIVID__MODEL_CHOSEN * sqrtf((float)f->chosen) +
                    CIVID__MODEL_GEOMETRY * f->geometry +
                    CIVID__MODEL_GEOMETRY_SHARE * (f->geometry * share) +
                    CIVID__MODEL_EVIDENCE * civid__log(1.0f + f->evidence) +
                    CIVID__MODEL_ALONE * (float)alone +
                    CIVID__MODEL_MORE * civid__log((float)(more + 4)) +
                    CIVID__MODEL_AREA * (float)f->area +
                    CIVID__MODEL_AREA_MEAN * ((float)f->area / (float)(common > 8 ? common : 8)) +
                    CIVID__MODEL_TYPES * (float)f->types;
    const float level =
        CIVID__IMPOSTOR_LEVEL + CIVID__IMPOSTOR_LEVEL_LOG * civid__log((float)(fewer + 4));
    const float widening = CIVID__IMPOSTOR_SPREAD + CIVID__IMPOSTOR_SPREAD_COUNT * (float)fewer;
    const float spread =
        widening > CIVID__IMPOSTOR_SPREAD_LEAST ? widening : CIVID__IMPOSTOR_SPREAD_LEAST;
    int32_t raw = (int32_t)(2000.0f + 1000.0f * ((x - level) / spread));
    if (f->pairs < CIVID__FEW_PAIRS) raw -= CIVID__FEW_PRICE * (CIVID__FEW_PAIRS - f->pairs);
    return raw > 0 ? raw : 0;
}
