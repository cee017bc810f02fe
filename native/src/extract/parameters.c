/* parameters.c - what may be changed of the extraction: names, defaults (extract_params.h), ranges.
 *
 * Inside the ranges every stage stays within its buffers: lines of the skeleton are followed for at
 * most 3 periods of 20 px, within CIVID__WALK_MAX; taps of narrow filters fit int16. */
#include <stddef.h>

#include "extract/skeleton.h"

typedef struct {
    const char *name;
    size_t offset;
    int32_t whole;
    float standard, least, most;
} parameter;

#define WHOLE(name, value, least, most) \
    {#name, offsetof(civid_extraction_t, name), 1, (float)(value), least, most}
#define REAL(name, value, least, most) \
    {#name, offsetof(civid_extraction_t, name), 0, value, least, most}

static const parameter parameters_of[CIVID_EXTRACTION_FIELDS] = {
    REAL(contrast_least, CONTRAST_MIN, 0.5f, 64.0f),
    REAL(contrast_share, CONTRAST_SHARE, 0.0f, 0.9f),
    REAL(ridge_share, RIDGE_SHARE, 0.0f, 0.8f),
    WHOLE(mask_least_blocks, MASK_MIN_BLOCKS, 1.0f, 10000.0f),
    WHOLE(mask_most_hole, MASK_MAX_HOLE, 0.0f, 10000.0f),
    REAL(period_least, PERIOD_MIN, 4.0f, 20.0f),
    REAL(period_most, PERIOD_MAX, 4.0f, 20.0f),
    REAL(period_default, PERIOD_DEFAULT, 5.0f, 14.0f),
    REAL(second_look, EXPLAINED, 0.1f, 8.0f),
    REAL(sigma_across, SIGMA_ACROSS, 0.25f, 0.6f),
    REAL(sigma_along, SIGMA_ALONG, 0.25f, 1.2f),
    WHOLE(hole_area, HOLE_AREA, 0.0f, 400.0f),
    WHOLE(speck_area, SPECK_AREA, 0.0f, 400.0f),
    REAL(spur_length, SPUR_LENGTH, 0.0f, 3.0f),
    REAL(island_length, ISLAND_LENGTH, 0.0f, 3.0f),
    REAL(gap_length, GAP_LENGTH, 0.0f, 3.0f),
    REAL(bridge_length, BRIDGE_LENGTH, 0.0f, 3.0f),
    REAL(lake_length, LAKE_LENGTH, 0.0f, 3.0f),
    WHOLE(border_ahead, BORDER_AHEAD, 0.0f, 64.0f),
    WHOLE(border_distance, BORDER_DISTANCE, 0.0f, 64.0f),
    REAL(twin_distance, TWIN_DISTANCE, 0.0f, 64.0f),
    REAL(crowd_radius, CROWD_RADIUS, 0.0f, 128.0f),
    WHOLE(crowd_most, CROWD_LIMIT, 0.0f, 255.0f),
    WHOLE(least_quality, QUALITY_LEAST, 1.0f, 100.0f),
};

civid_status civid_extraction_field(int32_t field, const char **name, int32_t *whole, float *least,
                                    float *most) {
    if (!name || !whole || !least || !most) return CIVID_E_NULL;
    if (field < 0 || field >= CIVID_EXTRACTION_FIELDS) return CIVID_E_VALUE;
    const parameter *p = &parameters_of[field];
    *name = p->name, *whole = p->whole, *least = p->least, *most = p->most;
    return CIVID_OK;
}

civid_status civid_extraction_defaults(civid_extraction_t *parameters) {
    if (!parameters) return CIVID_E_NULL;
    for (int32_t i = 0; i < CIVID_EXTRACTION_FIELDS; i++) {
        const parameter *p = &parameters_of[i];
        const int32_t whole = (int32_t)p->standard;
        void *at = (unsigned char *)parameters + p->offset;
        if (p->whole)
            memcpy(at, &whole, sizeof whole);
        else
            memcpy(at, &p->standard, sizeof p->standard);
    }
    return CIVID_OK;
}

civid_status civid_extraction_check(const civid_extraction_t *parameters, int32_t *field) {
    if (!parameters || !field) return CIVID_E_NULL;
    for (int32_t i = 0; i < CIVID_EXTRACTION_FIELDS; i++) {
        const parameter *p = &parameters_of[i];
        const void *at = (const unsigned char *)parameters + p->offset;
        float value;
        if (p->whole) {
            int32_t whole;
            memcpy(&whole, at, sizeof whole);
            value = (float)whole;
        } else {
            memcpy(&value, at, sizeof value);
        }
        *field = i;
        if (!(value >= p->least && value <= p->most)) return CIVID_E_VALUE; /* NaN, too */
        if (p->offset == offsetof(civid_extraction_t, period_most) &&
            parameters->period_least > parameters->period_most)
            return CIVID_E_VALUE;
    }
    *field = -1;
    return CIVID_OK;
}
