/* fusion.h - the parameters of the fusion from the inside. */
#ifndef CIVID_SEARCH_FUSION_H
#define CIVID_SEARCH_FUSION_H

#include "civid.h"

/* What NULL stands for. */
extern const civid_fusion_t civid__fusion_standard;

/* The one that is meant, checked: CIVID_E_VALUE where a field is out of its range. */
civid_status civid__fusion(const civid_fusion_t *given, const civid_fusion_t **meant);

#endif
