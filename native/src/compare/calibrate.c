/* calibrate.c - raw similarity to score, by a monotone table with straight lines between: one table
 * for each pair of extractors whose impostors were measured. */
#include <string.h>

#include "compare/compare.h"
#include "tables/calibration_mixed_table.h"
#include "tables/calibration_neural_table.h"
#include "tables/calibration_table.h"

typedef struct {
    const civid__knot_t *knots;
    int32_t size;
    float slope; /* beyond the last knot, dB a raw unit */
} calibration_t;

static const calibration_t calibrations[CIVID_CALIBRATION_COUNT] = {
    [CIVID_CALIBRATION_CLASSICAL] = {civid__calibration, CIVID__CALIBRATION_SIZE,
                                     CIVID__CALIBRATION_SLOPE},
    [CIVID_CALIBRATION_NEURAL] = {civid__calibration_neural, CIVID__CALIBRATION_NEURAL_SIZE,
                                  CIVID__CALIBRATION_NEURAL_SLOPE},
    [CIVID_CALIBRATION_MIXED] = {civid__calibration_mixed, CIVID__CALIBRATION_MIXED_SIZE,
                                 CIVID__CALIBRATION_MIXED_SLOPE},
};

static const char *const extractors[CIVID_EXTRACTOR_COUNT] = {
    [CIVID_EXTRACTOR_CLASSICAL] = "civid-classical/1",
    [CIVID_EXTRACTOR_NEURAL] = "civid-neural/1",
};

/* The same from either side. */
static const uint8_t pairings[CIVID_EXTRACTOR_COUNT][CIVID_EXTRACTOR_COUNT] = {
    {CIVID_CALIBRATION_CLASSICAL, CIVID_CALIBRATION_MIXED},
    {CIVID_CALIBRATION_MIXED, CIVID_CALIBRATION_NEURAL},
};

const char *civid_extractor_name(int32_t extractor) {
    return extractor >= 0 && extractor < CIVID_EXTRACTOR_COUNT ? extractors[extractor] : NULL;
}

/* -1 = none. */
static int32_t number_of(const char *name) {
    for (int32_t i = 0; i < CIVID_EXTRACTOR_COUNT; i++)
        if (strcmp(extractors[i], name) == 0) return i;
    return -1;
}

civid_status civid_calibration(const char *probe, const char *reference, int32_t *calibration) {
    if (!probe || !reference || !calibration) return CIVID_E_NULL;
    const int32_t of_probe = number_of(probe), of_reference = number_of(reference);
    if (of_probe < 0 || of_reference < 0) return CIVID_E_CALIBRATION;
    *calibration = pairings[of_probe][of_reference];
    return CIVID_OK;
}

static float calibrate(int32_t calibration, int32_t raw) {
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
    if (calibration < 0 || calibration >= CIVID_CALIBRATION_COUNT) return CIVID_E_CALIBRATION;
    *score = calibrate(calibration, raw);
    return CIVID_OK;
}

float civid__score(const civid__prepared_t *probe, const civid__prepared_t *reference,
                   int32_t raw) {
    return calibrate(pairings[probe->extractor][reference->extractor], raw);
}
