/* kernels.h - the functions that have a twin for an instruction set: same input, same bits,
 * whichever of them runs. What each one does stands in the header of its topic. */
#ifndef CIVID_KERNELS_H
#define CIVID_KERNELS_H

#include "compare/descriptor/cylinder.h"
#include "compare/kernels/distance.h"
#include "compare/kernels/lanes.h"
#include "extract/kernels/filter_row.h"
#include "extract/kernels/layers.h"
#include "extract/kernels/spectrum.h"
#include "search/inverted/inverted.h"
#include "search/scan/scan.h"

typedef struct {
    civid__filter_row_fn *filter_row;
    civid__mix_fn *mix;
    civid__spread_fn *spread;
    civid__stage_fn *stage;
    civid__gains_fn *gains;
    civid__full_cells_fn *full_cells;
    civid__code_fn *code;
    civid__distance_fn *distance;
    civid__best_fn *best;
    civid__relate_fn *relate;
    civid__relax_fn *relax;
    civid__near_fn *near;
    civid__bend_fn *bend;
    civid__outside_fn *outside;
    civid__scan_fn *scan;
    civid__partners_fn *partners;
    civid__scan_code_fn *scan_code;
    civid__centres_fn *centres;
    civid__run_fn *run;
    civid__owners_fn *owners;
} civid__kernels_t;

/* Those of the instruction set in use; none is NULL. */
const civid__kernels_t *civid__kernels(void);

#endif
