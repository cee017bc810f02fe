/* field_features.c - what the network of fields sees of a print, once the extraction has looked.
 *
 * Ratios of what one print has, so that contrast and sensor do not matter much. */
#include "extract/learned/field_features.h"

#define NO_ENERGY 4.0f      /* keeps shares of an empty block near 0; energies of ridges: 10 to 100 */
#define TEXTURE_FLOOR 2.0f  /* gradient energy of a block that is noise; ridges have 20 to 150 */
#define PERIOD_MIDDLE 9.0f  /* px, of adults */

static float *map_of(const civid__frame_t *f, int32_t feature) {
    return f->features + (int64_t)feature * f->blocks;
}

static void energies(civid__frame_t *f) {
    float *bank = map_of(f, ENERGIES), *total = map_of(f, ENERGY);
    civid__energies(f, f->room, bank);
    for (int32_t b = 0; b < f->blocks; b++) total[b] = 0;
    for (int32_t k = 0; k < BANK_MAPS; k++)
        for (int32_t b = 0; b < f->blocks; b++) total[b] += bank[(int64_t)k * f->blocks + b];
    for (int32_t k = 0; k < BANK_MAPS; k++)
        for (int32_t b = 0; b < f->blocks; b++)
            bank[(int64_t)k * f->blocks + b] *= 8.0f / (total[b] + NO_ENERGY);
    for (int32_t b = 0; b < f->blocks; b++)
        total[b] = civid__log(1.0f + total[b]) * 0.25f - 0.5f;
}

static void texture(const civid__frame_t *f, int32_t first) {
    float *cosine = map_of(f, first), *sine = map_of(f, first + 1), *energy = map_of(f, first + 2);
    for (int32_t b = 0; b < f->blocks; b++) {
        const float e = f->raw.energy[b], share = 1.0f / (e + TEXTURE_FLOOR);
        cosine[b] = f->raw.cosine[b] * share;
        sine[b] = f->raw.sine[b] * share;
        energy[b] = civid__log(1.0f + e) * 0.2f;
    }
}

void civid__field_features(civid__frame_t *f) {
    energies(f);
    civid__structure_tensor(f, f->enhanced, f->raw);
    texture(f, ENHANCED_COSINE);
    civid__structure_tensor(f, f->normal, f->raw);
    texture(f, SEEN_COSINE);
    for (int32_t b = 0; b < f->blocks; b++) {
        const float share = (f->deviation[b] + 1.0f) / (f->contrast + 1.0f);
        map_of(f, GREY_DEVIATION)[b] = civid__log(share) * 0.5f + 0.5f;
        map_of(f, GREY_MEAN)[b] = (f->mean[b] - 128.0f) * 0.01f;
        map_of(f, FIELD_COSINE)[b] = f->cosine[b];
        map_of(f, FIELD_SINE)[b] = f->sine[b];
        map_of(f, FIELD_COHERENCE)[b] = f->coherence[b];
        map_of(f, FIELD_PERIOD)[b] = civid__log(f->period[b] * (1.0f / PERIOD_MIDDLE));
        map_of(f, PRINT_MASK)[b] = f->mask[b];
    }
}
