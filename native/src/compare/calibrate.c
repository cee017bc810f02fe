/* calibrate.c - raw similarity to score, by a monotone table with straight lines between: one table
 * for each pair of extractors whose impostors were measured. */
#include <string.h>

#include "compare/compare.h"
#include "tables/calibration_mixed_table.h"
#include "tables/calibration_neural_table.h"
#include "tables/calibration_table.h"

typedef struct {
    const char *extractors[2];
    const civid__knot_t *knots;
    int32_t size;
    float slope; /* beyond the last knot, dB a raw unit */
} calibration_t;

static const calibration_t calibrations[CIVID_CALIBRATION_COUNT] = {
    [CIVID_CALIBRATION_CLASSICAL] = {{"civid-classical/1", "civid-classical/1"},
                                     civid__calibration,
                                     CIVID__CALIBRATION_SIZE,
                                     CIVID__CALIBRATION_SLOPE},
    [CIVID_CALIBRATION_NEURAL] = {{"civid-neural/1", "civid-neural/1"},
                                  civid__calibration_neural,
                                  CIVID__CALIBRATION_NEURAL_SIZE,
                                  CIVID__CALIBRATION_NEURAL_SLOPE},
    [CIVID_CALIBRATION_MIXED] = {{"civid-classical/1", "civid-neural/1"},
                                 civid__calibration_mixed,
                                 CIVID__CALIBRATION_MIXED_SIZE,
                                 CIVID__CALIBRATION_MIXED_SLOPE},
};

static int are(const calibration_t *c, const char *probe, const char *reference) {
    return strcmp(c->extractors[0], probe) == 0 && strcmp(c->extractors[1], reference) == 0;
}

civid_status civid_calibration(const char *probe, const char *reference, int32_t *calibration) {
    if (!probe || !reference || !calibration) return CIVID_E_NULL;
    for (int32_t i = 0; i < CIVID_CALIBRATION_COUNT; i++)
        if (are(&calibrations[i], probe, reference) || are(&calibrations[i], reference, probe)) {
            *calibration = i;
            return CIVID_OK;
        }
    return CIVID_E_CALIBRATION;
}

civid_status civid__calibration_check(int32_t calibration) {
    return calibration >= 0 && calibration < CIVID_CALIBRATION_COUNT ? CIVID_OK
                                                                     : CIVID_E_CALIBRATION;
}

float civid__calibrate(int32_t calibration, int32_t raw) {
    const calibration_t *c = &calibrations[calibration];
    const civid__knot_t *knots = c->knots;
    if (raw <= knots[0].raw) return knots[0].score;
    int32_t low = 0, high = c->size - 1;
    if (raw >= knots[high].raw) {
        /* beyond the table the tail goes on as it is, so that order is never lost */
        const float more = (float)(raw - knots[high].raw);
        return knots[high].score + more * c->slope;
    }
    while (high - low > 1) {
        const int32_t middle = (low + high) / 2;
        if (knots[middle].raw <= raw)
            low = middle;
        else
            high = middle;
    }
    const civid__knot_t *a = &knots[low], *b = &knots[high];
    return a->score + (b->score - a->score) * ((float)(raw - a->raw) / (float)(b->raw - a->raw));
}

civid_status civid_calibrate(int32_t calibration, int32_t raw, float *score) {
    if (!score) return CIVID_E_NULL;
    const civid_status status = civid__calibration_check(calibration);
    if (status == CIVID_OK) *score = civid__calibrate(calibration, raw);
    return status;
}
