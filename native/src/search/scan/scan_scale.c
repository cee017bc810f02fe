/* scan_scale.c - what a likeness is worth: how far above what impostors with so many minutiae reach. */
#include <math.h>

#include "search/scan/scan.h"
#include "search/scan/scan_scaled.h"

civid__scan_unit_t civid__scan_unit(int32_t probe_count) {
    const float n = (float)probe_count;
    return (civid__scan_unit_t){1.0f / n, sqrtf(n)};
}

float civid__scan_scale(int32_t scan, int32_t probe_count, int32_t reference_count) {
    const civid__scan_unit_t unit = civid__scan_unit(probe_count);
    return civid__scan_scaled(scan, &unit, reference_count);
}

float civid__agreement_scale(int32_t agreement, int32_t probe_count, int32_t reference_count) {
    const float n = civid__log_count[probe_count], m = civid__log_count[reference_count];
    const float term[6] = {1.0f, n, m, n * m, n * n, m * m};
    float level = 0.0f, spread = 0.0f;
    for (int32_t k = 0; k < 6; k++) {
        level += civid__agree_level[k] * term[k];
        spread += civid__agree_spread[k] * term[k];
    }
    return ((float)agreement - level) / (spread > 1.0f ? spread : 1.0f);
}
