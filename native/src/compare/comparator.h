/* comparator.h - the parameters of the comparison from the inside. */
#ifndef CIVID_COMPARE_COMPARATOR_H
#define CIVID_COMPARE_COMPARATOR_H

#include "civid.h"

/* What NULL stands for. */
extern const civid_comparator_t civid__comparator_standard;

/* The one that is meant, checked: CIVID_E_VALUE where a field is out of its range. */
civid_status civid__comparator(const civid_comparator_t *given, const civid_comparator_t **meant);

#endif
