/* lanes_portable.c - one lane. */
#include <math.h>

#include "compare/kernels/lanes.h"

#define RELATE relate_portable
#define NEAR near_portable
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
#define NEARER(d2, far, cosine, straight) ((d2) < (far) && (cosine) > (straight))

static civid__relate_fn RELATE;
static civid__near_fn NEAR;
#include "compare/kernels/near_body.h"
#include "compare/kernels/relate_body.h"

const civid__lanes_t civid__lanes_portable = {RELATE, NEAR};
