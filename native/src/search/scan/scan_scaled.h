/* scan_scaled.h - the scale of the coarse stage, inline: it is asked for every reference. */
#ifndef CIVID_SEARCH_SCAN_SCALED_H
#define CIVID_SEARCH_SCAN_SCALED_H

#include "search/scan/scan.h"
#include "tables/scan_scale.h"

static inline float civid__scan_scaled(int32_t scan, const civid__scan_unit_t *unit,
                                       int32_t reference_count) {
    const float share = (float)scan * unit->share - civid__scan_level[reference_count];
    return share * unit->root / civid__scan_spread[reference_count];
}

#endif
