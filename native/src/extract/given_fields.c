/* given_fields.c - fields that were found elsewhere, in place of the extraction's own. */
#include "extract/extract_stages.h"

civid_status civid__check_fields(const civid__frame_t *f) {
    const civid_fields_t *given = &f->given;
    if (given->blocks_x != f->blocks_x || given->blocks_y != f->blocks_y)
        return CIVID_E_DIMENSIONS;
    if (!given->cosine != !given->sine) return CIVID_E_NULL;
    for (int32_t b = 0; b < f->blocks; b++) {
        if (given->cosine) {
            const float c = given->cosine[b], s = given->sine[b];
            if (!(c >= -1 && c <= 1 && s >= -1 && s <= 1)) return CIVID_E_VALUE; /* NaN, too */
        }
        if (given->period && !(given->period[b] >= LAG_MIN && given->period[b] <= LAG_MAX))
            return CIVID_E_VALUE;
    }
    return CIVID_OK;
}

/* After a look of one's own: how far the two agree says how far the given one is seen. */
void civid__take_direction(civid__frame_t *f) {
    for (int32_t b = 0; b < f->blocks; b++) {
        const float c = f->given.cosine[b], s = f->given.sine[b];
        f->agreement[b] = f->cosine[b] * c + f->sine[b] * s;
        f->cosine[b] = c, f->sine[b] = s;
    }
}

void civid__take_period(civid__frame_t *f) {
    int32_t bins[(LAG_MAX + 1) * 20] = {0}, total = 0, seen = 0, bin = 0;
    for (int32_t b = 0; b < f->blocks; b++) {
        f->period[b] = f->given.period[b];
        if (f->mask[b]) bins[(int32_t)(f->period[b] * 20)]++, total++;
    }
    f->period_median = 0;
    if (total == 0) return;
    while ((seen += bins[bin]) * 2 < total) bin++;
    f->period_median = ((float)bin + 0.5f) / 20;
}

void civid__take_mask(civid__frame_t *f) {
    for (int32_t b = 0; b < f->blocks; b++) f->mask[b] = f->given.mask[b] != 0;
    civid__dilate(f->mask, f->mask_wide, f->blocks_x, f->blocks_y, 1);
}
