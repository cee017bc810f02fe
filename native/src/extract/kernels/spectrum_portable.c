/* spectrum_portable.c - as wide as the platform's baseline lets the compiler. */
#include "compiler.h"
#include "extract/kernels/spectrum.h"

#define STAGE civid__stage_portable
#define GAINS civid__gains_portable

#include "extract/kernels/spectrum_body.h"
