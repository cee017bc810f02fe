/* parameters.c - names, defaults and ranges of every set of parameters. */
#include "parameters.h"

#include <string.h>

static const civid__parameters_t *set_of(int32_t set) {
    switch (set) {
        case CIVID_PARAMETERS_EXTRACTION: return &civid__extraction_parameters;
        case CIVID_PARAMETERS_COMPARISON: return &civid__comparison_parameters;
        case CIVID_PARAMETERS_FUSION: return &civid__fusion_parameters;
        default: return NULL;
    }
}

/* A value of any kind; float keeps its own roundings, so that 0.8f is within 0..0.8. */
static double read(const civid__parameter_t *p, const void *values) {
    const unsigned char *at = (const unsigned char *)values + p->offset;
    if (p->kind == CIVID_KEPT_INT32) {
        int32_t whole;
        memcpy(&whole, at, sizeof whole);
        return whole;
    }
    if (p->kind == CIVID_KEPT_FLOAT) {
        float real;
        memcpy(&real, at, sizeof real);
        return (double)real;
    }
    double wide;
    memcpy(&wide, at, sizeof wide);
    return wide;
}

static double kept(const civid__parameter_t *p, double bound) {
    return p->kind == CIVID_KEPT_FLOAT ? (double)(float)bound : bound;
}

civid_status civid_parameters_size(int32_t set, int32_t *fields, uint64_t *size) {
    if (!fields || !size) return CIVID_E_NULL;
    const civid__parameters_t *s = set_of(set);
    if (!s) return CIVID_E_VALUE;
    *fields = s->count, *size = s->size;
    return CIVID_OK;
}

civid_status civid_parameters_field(int32_t set, int32_t field, const char **name, int32_t *kind,
                                    double *least, double *most) {
    if (!name || !kind || !least || !most) return CIVID_E_NULL;
    const civid__parameters_t *s = set_of(set);
    if (!s || field < 0 || field >= s->count) return CIVID_E_VALUE;
    const civid__parameter_t *p = &s->fields[field];
    *name = p->name, *kind = p->kind, *least = p->least, *most = p->most;
    return CIVID_OK;
}

civid_status civid_parameters_defaults(int32_t set, void *values, uint64_t size) {
    if (!values) return CIVID_E_NULL;
    const civid__parameters_t *s = set_of(set);
    if (!s) return CIVID_E_VALUE;
    if (size != s->size) return CIVID_E_CAPACITY;
    memset(values, 0, size);
    for (int32_t i = 0; i < s->count; i++) {
        const civid__parameter_t *p = &s->fields[i];
        unsigned char *at = (unsigned char *)values + p->offset;
        const int32_t whole = p->kind == CIVID_KEPT_INT32 ? (int32_t)p->standard : 0;
        const float real = (float)p->standard;
        if (p->kind == CIVID_KEPT_INT32) memcpy(at, &whole, sizeof whole);
        if (p->kind == CIVID_KEPT_FLOAT) memcpy(at, &real, sizeof real);
        if (p->kind == CIVID_KEPT_DOUBLE) memcpy(at, &p->standard, sizeof p->standard);
    }
    return CIVID_OK;
}

civid_status civid_parameters_check(int32_t set, const void *values, uint64_t size,
                                    int32_t *field) {
    if (!values || !field) return CIVID_E_NULL;
    const civid__parameters_t *s = set_of(set);
    if (!s) return CIVID_E_VALUE;
    if (size != s->size) return CIVID_E_CAPACITY;
    for (int32_t i = 0; i < s->count; i++) {
        const civid__parameter_t *p = &s->fields[i];
        const double value = read(p, values);
        *field = i;
        if (!(value >= kept(p, p->least) && value <= kept(p, p->most)))
            return CIVID_E_VALUE; /* NaN, too */
        if (i == s->above && value < read(&s->fields[s->below], values)) return CIVID_E_VALUE;
    }
    *field = -1;
    return CIVID_OK;
}
