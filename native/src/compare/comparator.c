/* comparator.c - what may be changed of the comparison: names, defaults (compare_params.h), ranges.
 *
 * Inside the ranges nothing is divided by 0, candidates fit their columns, and offers of pairing
 * their 16 bits. */
#include "compare/comparator.h"

#include "compare/compare_params.h"
#include "parameters.h"

#define FIELDS                                                          \
    WHOLE(candidates_least, CIVID__MIN_CANDIDATES, 1, CIVID__MAX_CANDIDATES) \
    WHOLE(candidates_most, CIVID__MAX_CANDIDATES, 1, CIVID__MAX_CANDIDATES)  \
    WHOLE(code_chance, CIVID__CODE_CHANCE, 16, 192)                     \
    WHOLE(relax_rounds, CIVID__RELAX_ROUNDS, 0, 20)                     \
    REAL(relax_gain, CIVID__RELAX_GAIN, 0, 8)                           \
    REAL(distance_base, CIVID__DISTANCE_BASE, 0.5, 64)                  \
    REAL(distance_slope, CIVID__DISTANCE_SLOPE, 0, 1)                   \
    REAL(direction_tolerance, CIVID__DIRECTION_TOLERANCE, 0.05, 2)      \
    REAL(bearing_tolerance, CIVID__BEARING_TOLERANCE, 0.05, 2)          \
    REAL(bearing_near, CIVID__BEARING_NEAR, 0, 64)                      \
    REAL(bearing_soft, CIVID__BEARING_SOFT, 0.5, 64)                    \
    REAL(support_least, CIVID__SUPPORT_MIN, 0, 1)                       \
    WHOLE(pairing_rounds, CIVID__PAIRING_ROUNDS, 1, 8)                  \
    REAL(rotation_weight, CIVID__ROTATION_WEIGHT, 0, 100000)            \
    REAL(local_prior, CIVID__LOCAL_PRIOR, 0.01, 100)                    \
    REAL(local_reach, CIVID__LOCAL_REACH, 4, 1000)                      \
    REAL(pair_distance, CIVID__PAIR_DISTANCE, 1, 64)                    \
    REAL(pair_direction, CIVID__PAIR_DIRECTION, 0.05, 2)                \
    REAL(hull_margin, CIVID__HULL_MARGIN, 0, 128)                       \
    WHOLE(grow_from, CIVID__GROW_FROM, 0, 100000)                       \
    WHOLE(grow_cluster, CIVID__GROW_CLUSTER, 1, 48)                     \
    REAL(grow_support, CIVID__GROW_SUPPORT, 0, 1)                       \
    WHOLE(grow_rounds, CIVID__GROW_ROUNDS, 0, 8)                        \
    REAL(grow_reach, CIVID__GROW_REACH, 4, 200)                         \
    REAL(grow_prior, CIVID__GROW_PRIOR, 0.01, 100)                      \
    REAL(grow_stiffness, CIVID__GROW_STIFFNESS, 10, 1000000)            \
    REAL(grow_distance, CIVID__GROW_DISTANCE, 1, 64)                    \
    WHOLE(look_from, CIVID__LOOK_FROM, 0, 100000)                       \
    REAL(look_ramp, CIVID__LOOK_RAMP, 1, 5000)                          \
    REAL(look_reach, CIVID__LOOK_REACH, 4, 200)                         \
    REAL(look_noise, CIVID__LOOK_NOISE, 0.5, 64)                        \
    REAL(look_plain, CIVID__LOOK_PLAIN, 0, 10)                          \
    REAL(look_gain, CIVID__LOOK_GAIN, 0, 10000)                         \
    REAL(look_least, CIVID__LOOK_LEAST, -5000, 0)                       \
    REAL(look_most, CIVID__LOOK_MOST, 0, 5000)                          \
    WHOLE(look_few, CIVID__LOOK_FEW, 0, 254)                            \
    WHOLE(look_many, CIVID__LOOK_MANY, 1, 255)                          \
    REAL(look_kept, CIVID__LOOK_KEPT, 0, 1)

#define WHOLE(name, value, least, most) .name = value,
#define REAL WHOLE
const civid_comparator_t civid__comparator_standard = {FIELDS};
#undef WHOLE
#undef REAL

#define WHOLE(name, value, least, most) CIVID__WHOLE(civid_comparator_t, name, value, least, most),
#define REAL(name, value, least, most) CIVID__REAL(civid_comparator_t, name, value, least, most),
static const civid__parameter_t fields[] = {FIELDS};

const civid__parameters_t civid__comparison_parameters = {
    fields, sizeof fields / sizeof *fields, 0, 1, sizeof(civid_comparator_t)};

civid_status civid__comparator(const civid_comparator_t *given, const civid_comparator_t **meant) {
    *meant = given ? given : &civid__comparator_standard;
    if (!given) return CIVID_OK;
    int32_t field;
    return civid_parameters_check(CIVID_PARAMETERS_COMPARISON, given, sizeof *given, &field);
}
