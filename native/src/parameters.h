/* parameters.h - sets of parameters: a struct of int32_t, float and double fields with names, defaults
 * and ranges. The public door to them is civid_parameters_*. */
#ifndef CIVID_PARAMETERS_H
#define CIVID_PARAMETERS_H

#include <stddef.h>

#include "civid.h"

typedef struct {
    const char *name;
    uint32_t offset;
    int32_t kind; /* CIVID_KEPT_* */
    double standard, least, most;
} civid__parameter_t;

typedef struct {
    const civid__parameter_t *fields;
    int32_t count;
    /* Field `above` must not be less than field `below`; both -1 = nothing of the kind. */
    int32_t below, above;
    uint64_t size;
} civid__parameters_t;

#define CIVID__WHOLE(type, name, value, least, most) \
    {#name, (uint32_t)offsetof(type, name), CIVID_KEPT_INT32, value, least, most}
#define CIVID__REAL(type, name, value, least, most) \
    {#name, (uint32_t)offsetof(type, name), CIVID_KEPT_FLOAT, (double)(value), least, most}
#define CIVID__DOUBLE(type, name, value, least, most) \
    {#name, (uint32_t)offsetof(type, name), CIVID_KEPT_DOUBLE, value, least, most}

extern const civid__parameters_t civid__extraction_parameters, civid__comparison_parameters,
    civid__fusion_parameters;

#endif
