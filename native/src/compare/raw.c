/* raw.c - the features of a comparison in one number: a logistic model, in hundredths of a nat.
 *
 * The counts of minutiae are among the features because more minutiae find more chance partners:
 * with them in, impostors score alike whatever their counts, and one calibration serves all. */
#include <math.h>

#include "compare/model.h"
#include "compare/stages.h"
#include "mathf.h"

int32_t civid__raw(const civid__features_t *f) {
    if (f->pairs < 1) return 0;
    const int32_t overlap = f->overlap_a < f->overlap_b ? f->overlap_a : f->overlap_b;
    const int32_t fewer = f->count_a < f->count_b ? f->count_a : f->count_b;
    const int32_t more = f->count_a < f->count_b ? f->count_b : f->count_a;
    const int32_t alone = f->overlap_a + f->overlap_b - 2 * f->pairs;
    /* below six minutiae a share says little */
    const float share = 1.0f / (float)(overlap > 6 ? overlap : 6);
    const float x = CIVID__MODEL_CLUSTER * sqrtf(f->cluster) +
                    CIVID__MODEL_CHOSEN * sqrtf((float)f->chosen) +
                    CIVID__MODEL_GEOMETRY * f->geometry +
                    CIVID__MODEL_GEOMETRY_SHARE * (f->geometry * share) +
                    CIVID__MODEL_EVIDENCE * civid__log(1.0f + f->evidence) +
                    CIVID__MODEL_ALONE * (float)alone +
                    CIVID__MODEL_FEWER * civid__log((float)(fewer + 4)) +
                    CIVID__MODEL_MORE * civid__log((float)(more + 4)) + CIVID__MODEL_OFFSET;
    const int32_t raw = (int32_t)(100.0f * x);
    return raw > 0 ? raw : 0;
}
