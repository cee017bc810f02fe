/* calibrate.c - raw similarity to score, by a monotone table with straight lines between. */
#include "civid.h"
#include "tables/calibration_table.h"

float civid_calibrate(int32_t raw) {
    if (raw <= civid__calibration[0].raw) return civid__calibration[0].score;
    int32_t low = 0, high = CIVID__CALIBRATION_SIZE - 1;
    if (raw >= civid__calibration[high].raw) {
        /* beyond the table the tail goes on as it is, so that order is never lost */
        const float more = (float)(raw - civid__calibration[high].raw);
        return civid__calibration[high].score + more * CIVID__CALIBRATION_SLOPE;
    }
    while (high - low > 1) {
        const int32_t middle = (low + high) / 2;
        if (civid__calibration[middle].raw <= raw)
            low = middle;
        else
            high = middle;
    }
    const civid__knot_t *a = &civid__calibration[low], *b = &civid__calibration[high];
    return a->score + (b->score - a->score) * ((float)(raw - a->raw) / (float)(b->raw - a->raw));
}
