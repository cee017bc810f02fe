/* scan.h - the codes that every search reads first, and what is computed from them.
 *
 * Two words a minutia. The first one is read for every reference of a gallery: 56 bits of what
 * surrounds the minutia and 8 of its direction (a Johnson code: its distance grows with the angle).
 * The second one has 64 further bits, read for the few that the first one lets through. */
#ifndef CIVID_SEARCH_SCAN_H
#define CIVID_SEARCH_SCAN_H

#include <stdint.h>

#include "compare/descriptor/cylinder.h"
#include "search/search_params.h"

#define CIVID__PARTNER_NONE 0xffffu

/* The codes of one print. */
typedef struct {
    int32_t count;
    const uint64_t *first, *second;
} civid__codes_t;

/* Sum over the probe's minutiae of how much nearer than CIVID__SCAN_NEAR their nearest partner
 * is; padding is never read. */
typedef int32_t civid__scan_fn(const civid__codes_t *probe, const civid__codes_t *reference);

/* For each minutia of the probe: bits of difference << 8 | the reference's minutia of which there
 * are least, the first such. partner: CIVID__PARTNERS_ROOM items. */
#define CIVID__PARTNERS_ROOM 256
typedef void civid__partners_fn(const civid__codes_t *probe, const civid__codes_t *reference,
                                uint16_t *partner);

/* Sums of the rows of full cells, to codes. */
typedef void civid__scan_code_fn(const int32_t *full, int32_t count, uint64_t code[2]);

civid__scan_fn civid__scan_portable, civid__scan_avx2, civid__scan_avx512;
civid__partners_fn civid__partners_portable, civid__partners_avx2, civid__partners_avx512;
civid__scan_code_fn civid__scan_code_portable, civid__scan_code_avx2, civid__scan_code_avx512;

/* The Johnson code of an angle: 16 directions in 8 bits; neighbours differ by one, opposites by all. */
static inline uint64_t civid__direction_bits(uint8_t angle) {
    const uint32_t sixteenth = angle >> 4;
    return sixteenth < 8 ? 0xffu >> (8 - sixteenth) : 0xffu << (sixteenth - 8) & 0xffu;
}

/* A word of each a minutia, of points in range: of a template that was packed just now, or checked. */
void civid__scan_codes(const civid__points_t *points, uint64_t *first, uint64_t *second);

/* How much of the partners' likeness agrees on one rotation and one translation. */
int32_t civid__agreement(const civid__points_t *probe, const civid__points_t *reference,
                         const uint16_t *partner);

/* On the scale of impostors: 0 = their mean, 1 = a standard deviation above it. */
float civid__scan_scale(int32_t scan, int32_t probe_count, int32_t reference_count);
/* The same, with what depends on the probe alone (1 / n and its root) found once. */
typedef struct {
    float share, root;
} civid__scan_unit_t;
civid__scan_unit_t civid__scan_unit(int32_t probe_count);
float civid__agreement_scale(int32_t agreement, int32_t probe_count, int32_t reference_count);

#endif
