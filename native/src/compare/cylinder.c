/* cylinder.c - minutia cylinders in integers: the same cells on every CPU. */
#include "compare/cylinder.h"

#include <stdlib.h>
#include <string.h>

#include "compare/wave_table.h"

static int32_t spatial(int32_t d) {
    d = abs(d);
    return d < CIVID__GAUSS_SIZE ? civid__gauss[d] : 0;
}

/* Add one neighbour at (u, v), in the frame of the minutia, with this direction difference. */
static void add(int32_t u, int32_t v, uint8_t turn, int32_t *cells) {
    int32_t along[CIVID__GRID], across[CIVID__GRID], section[CIVID__SECTIONS];
    const int32_t step = 2 * CIVID__RADIUS * CIVID__UNITS_PER_PX / CIVID__GRID;
    for (int32_t k = 0; k < CIVID__GRID; k++) {
        const int32_t centre = -CIVID__RADIUS * CIVID__UNITS_PER_PX + step / 2 + k * step;
        along[k] = spatial(u - centre);
        across[k] = spatial(v - centre);
    }
    for (int32_t k = 0; k < CIVID__SECTIONS; k++) {
        /* three units a step, because a third of a turn is no whole number of steps */
        int32_t d = abs(3 * (int32_t)turn - (64 + 128 * k) + 384) % 768;
        if (d > 384) d = 768 - d;
        section[k] = civid__gauss_turn[d];
    }
    for (int32_t a = 0; a < CIVID__GRID; a++) {
        if (!along[a]) continue;
        for (int32_t b = 0; b < CIVID__GRID; b++) {
            const int32_t w = along[a] * across[b] >> 10;
            int32_t *cell = cells + (a * CIVID__GRID + b) * CIVID__SECTIONS;
            for (int32_t k = 0; k < CIVID__SECTIONS; k++) cell[k] += w * section[k];
        }
    }
}

void civid__cylinder(const civid__points_t *p, int32_t i, int32_t cells[CIVID__CELLS]) {
    memset(cells, 0, CIVID__CELLS * sizeof *cells);
    const int32_t c = civid__cosine(p->angle[i]), s = civid__sine(p->angle[i]);
    const int64_t reach = (int64_t)CIVID__REACH * CIVID__UNITS_PER_PX;
    for (int32_t j = 0; j < p->count; j++) {
        if (j == i) continue;
        const int32_t dx = p->x[j] - p->x[i], dy = p->y[j] - p->y[i];
        if ((int64_t)dx * dx + (int64_t)dy * dy > reach * reach) continue;
        const int32_t u = (c * dx + s * dy + 8192) >> 14, v = (c * dy - s * dx + 8192) >> 14;
        add(u, v, (uint8_t)(p->angle[i] - p->angle[j]), cells);
    }
}
