/* energies.h - how much of a picture lies in each direction and period: log-Gabor filters. */
#ifndef CIVID_EXTRACT_ENERGIES_H
#define CIVID_EXTRACT_ENERGIES_H

#include "extract/extract_stages.h"

enum { BANK_DIRECTIONS = 12, BANK_PERIODS = 4, BANK_MAPS = BANK_DIRECTIONS * BANK_PERIODS };

/* Floats of work that civid__energies needs. */
uint64_t civid__energies_work(int32_t blocks_x, int32_t blocks_y);
/* normal -> out: BANK_MAPS maps of the mean amplitude in each block, by period, then direction. */
void civid__energies(const civid__frame_t *f, float *work, float *out);

#endif
