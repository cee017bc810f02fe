/* fusion.c - what may be changed of the fusion: names, defaults (search_params.h), ranges. */
#include "search/match/fusion.h"

#include "parameters.h"
#include "search/search_params.h"

#define FIELDS                                                 \
    FIELD(dependence, CIVID__DEPENDENCE, 0, 1)                 \
    FIELD(price_labelled, CIVID__PRICE_LABELLED, 0, 60)        \
    FIELD(price_other_hand, CIVID__PRICE_OTHER_HAND, 0, 60)    \
    FIELD(price_other_slap, CIVID__PRICE_OTHER_SLAP, 0, 60)    \
    FIELD(price_exchanged, CIVID__PRICE_EXCHANGED, 0, 60)      \
    FIELD(price_any, CIVID__PRICE_ANY, 0, 60)

#define FIELD(name, value, least, most) .name = value,
const civid_fusion_t civid__fusion_standard = {FIELDS};
#undef FIELD

#define FIELD(name, value, least, most) CIVID__DOUBLE(civid_fusion_t, name, value, least, most),
static const civid__parameter_t fields[] = {FIELDS};

const civid__parameters_t civid__fusion_parameters = {
    fields, sizeof fields / sizeof *fields, -1, -1, sizeof(civid_fusion_t)};

civid_status civid__fusion(const civid_fusion_t *given, const civid_fusion_t **meant) {
    *meant = given ? given : &civid__fusion_standard;
    if (!given) return CIVID_OK;
    int32_t field;
    return civid_parameters_check(CIVID_PARAMETERS_FUSION, given, sizeof *given, &field);
}
