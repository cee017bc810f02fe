/* lanes_portable.c - one lane. */
#include <math.h>

#include "compare/kernels/lanes.h"

#define RELATE civid__relate_portable
#define NEAR civid__near_portable
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

#include "compare/kernels/near_body.h"
#include "compare/kernels/relate_body.h"
