/* parameters.c - what may be changed of the extraction: names, defaults (extract_params.h), ranges.
 *
 * Inside the ranges every stage stays within its buffers: lines of the skeleton are followed for at
 * most 3 periods of 20 px, within CIVID__WALK_MAX; taps of narrow filters fit int16. */
#include "parameters.h"

#include "extract/lines/skeleton.h"

#define WHOLE(name, value, least, most) CIVID__WHOLE(civid_extraction_t, name, value, least, most)
#define REAL(name, value, least, most) CIVID__REAL(civid_extraction_t, name, value, least, most)

static const civid__parameter_t fields[] = {
    REAL(contrast_least, CONTRAST_MIN, 0.5, 64),
    REAL(contrast_share, CONTRAST_SHARE, 0, 0.9),
    REAL(ridge_share, RIDGE_SHARE, 0, 0.8),
    WHOLE(mask_least_blocks, MASK_MIN_BLOCKS, 1, 10000),
    WHOLE(mask_most_hole, MASK_MAX_HOLE, 0, 10000),
    REAL(period_least, PERIOD_MIN, 4, 20),
    REAL(period_most, PERIOD_MAX, 4, 20),
    REAL(period_default, PERIOD_DEFAULT, 5, 14),
    REAL(second_look, EXPLAINED, 0.1, 8),
    REAL(sigma_across, SIGMA_ACROSS, 0.25, 0.6),
    REAL(sigma_along, SIGMA_ALONG, 0.25, 1.2),
    WHOLE(hole_area, HOLE_AREA, 0, 400),
    WHOLE(speck_area, SPECK_AREA, 0, 400),
    REAL(spur_length, SPUR_LENGTH, 0, 3),
    REAL(island_length, ISLAND_LENGTH, 0, 3),
    REAL(gap_length, GAP_LENGTH, 0, 3),
    REAL(bridge_length, BRIDGE_LENGTH, 0, 3),
    REAL(lake_length, LAKE_LENGTH, 0, 3),
    WHOLE(border_ahead, BORDER_AHEAD, 0, 64),
    WHOLE(border_distance, BORDER_DISTANCE, 0, 64),
    REAL(twin_distance, TWIN_DISTANCE, 0, 64),
    REAL(crowd_radius, CROWD_RADIUS, 0, 128),
    WHOLE(crowd_most, CROWD_LIMIT, 0, 255),
    WHOLE(least_quality, QUALITY_LEAST, 1, 100),
};

const civid__parameters_t civid__extraction_parameters = {
    fields, sizeof fields / sizeof *fields, 5, 6, sizeof(civid_extraction_t)};
