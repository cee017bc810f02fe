/* neighbours.h - who stands around a minutia, and where in the tables of a cylinder. */
#ifndef CIVID_COMPARE_NEIGHBOURS_H
#define CIVID_COMPARE_NEIGHBOURS_H

#include <stdint.h>

#include "compare/descriptor/cylinder.h"
#include "tables/cylinder_table.h"
#include "tables/wave_table.h"

#define CIVID__NEIGHBOURS (256 + 16) /* all of a template, the lanes, and one that is none */

/* Where the weights of each neighbour begin: along, across in civid__place, turn in civid__turn. */
typedef struct {
    int32_t along[CIVID__NEIGHBOURS], across[CIVID__NEIGHBOURS], turn[CIVID__NEIGHBOURS];
} civid__neighbours_t;

/* (u + SHIFT) = 70 q + r begins at r * 20 + LAST - q, for |u| up to the reach and a rounding. */
#define CIVID__PLACE_SHIFT 455
#define CIVID__PLACE_LAST 12
/* x * MANY >> 16 = x / 70 for 0 <= x < 1212 */
#define CIVID__PLACE_MANY 937
/* A place with weight 0 everywhere. */
#define CIVID__PLACE_NONE CIVID__PLACE_LAST

#define CIVID__REACH_SQUARED \
    (CIVID__REACH * CIVID__UNITS_PER_PX * CIVID__REACH * CIVID__UNITS_PER_PX)

static inline int32_t civid__place_of(int32_t u) {
    const int32_t x = u + CIVID__PLACE_SHIFT, q = x * CIVID__PLACE_MANY >> 16;
    return (x - q * CIVID__PLACE_PHASES) * CIVID__PLACE_WIDTH + CIVID__PLACE_LAST - q;
}

/* Returns how many. */
static inline int32_t civid__find_neighbours(const civid__points_t *p, int32_t i,
                                             civid__neighbours_t *out) {
    const int32_t c = civid__cosine(p->angle[i]), s = civid__sine(p->angle[i]);
    const int32_t x = p->x[i], y = p->y[i];
    uint8_t near[256];
    int32_t count = 0;
    for (int32_t j = 0; j < p->count; j++) {
        /* up to 2^30 each: the sum needs the sign bit */
        const int32_t dx = p->x[j] - x, dy = p->y[j] - y;
        near[count] = (uint8_t)j;
        count += ((uint32_t)(dx * dx) + (uint32_t)(dy * dy) <= CIVID__REACH_SQUARED) & (j != i);
    }
    for (int32_t k = 0; k < count; k++) {
        const int32_t dx = p->x[near[k]] - x, dy = p->y[near[k]] - y;
        out->along[k] = civid__place_of((c * dx + s * dy + 8192) >> 14);
        out->across[k] = civid__place_of((c * dy - s * dx + 8192) >> 14);
        out->turn[k] = (uint8_t)(p->angle[i] - p->angle[near[k]]) * CIVID__TURN_WIDTH;
    }
    return count;
}

#endif
