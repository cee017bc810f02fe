/* lanes_portable.c - one lane. */
#include <math.h>
#include <string.h>

#include "compare/kernels/lanes.h"
#include "lowest_bit.h"
#include "tables/wave_table.h"

#define RELATE civid__relate_portable
#define NEAR civid__near_portable
#define RELAX civid__relax_portable
#define BEND civid__bend_portable
#define OUTSIDE civid__outside_portable
#define LANES 1
#define FIRST(p) (p)
#define MIRROR(t, p, q) \
    ((t)->compatible[(size_t)(q) * CIVID__MAX_CANDIDATES + (size_t)(p)] = row[q])
#define FLOATS float
#define LOAD(p) (*(p))
#define STORE(p, v) (*(p) = (v))
#define SET(v) (v)
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#define DIV(a, b) ((a) / (b))
#define SQRT(a) sqrtf(a)
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define WITHOUT(v, lane) ((lane) == 0 ? 0.0f : (v))
#define NEARER(d2, far, cosine, straight) ((d2) < (far) && (cosine) > (straight))

#include "compare/kernels/bend_body.h"
#include "compare/kernels/near_body.h"
#include "compare/kernels/outside_body.h"
#include "compare/kernels/relate_body.h"
#include "compare/kernels/relax_body.h"
