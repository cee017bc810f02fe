/* layers_portable.c - one lane. */
#include "extract/kernels/layers.h"

#define MIX civid__mix_portable
#define SPREAD civid__spread_portable
#define LANES 1
#define FLOATS float
#define LOAD(p) (*(p))
#define LOAD_ANY(p) (*(p))
#define STORE(p, v) (*(p) = (v))
#define SET(v) (v)
#define ADD(a, b) ((a) + (b))
#define MUL(a, b) ((a) * (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#include "extract/kernels/layers_body.h"
