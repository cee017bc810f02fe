/* cylinder_portable.c - cells and codes in plain C, in loops without a branch or a dependency that
 * compilers turn into whatever lanes the platform surely has. */
#include <string.h>

#include "compare/descriptor/cylinder.h"
#include "compare/descriptor/neighbours.h"
#include "tables/shared.h"
#include "compiler.h"

/* Cells are row, section, column here: what a neighbour adds to a row of cells is in one piece. */
enum { ROW = CIVID__GRID * CIVID__SECTIONS, WORDS = CIVID__CODE_BITS / 2 };

static void add_row(const int16_t *CIVID_RESTRICT weight, const int16_t *CIVID_RESTRICT turn,
                    int32_t *CIVID_RESTRICT cells) {
    for (int32_t m = 0; m < ROW; m++) cells[m] += weight[m] * turn[m];
}

/* Add one neighbour. */
static void add(const int16_t *along, const int16_t *across, const int16_t *turn, int32_t *cells) {
    int16_t weight[ROW], of_turn[ROW];
    for (int32_t k = 0; k < CIVID__SECTIONS; k++)
        for (int32_t b = 0; b < CIVID__GRID; b++) of_turn[k * CIVID__GRID + b] = turn[k];
    for (int32_t a = 0; a < CIVID__GRID; a++) {
        if (!along[a]) continue; /* half of them */
        for (int32_t b = 0; b < CIVID__GRID; b++) weight[b] = (int16_t)(along[a] * across[b] >> 10);
        for (int32_t k = 1; k < CIVID__SECTIONS; k++)
            memcpy(weight + k * CIVID__GRID, weight, CIVID__GRID * sizeof *weight);
        add_row(weight, of_turn, cells + a * ROW);
    }
}

int32_t civid__full_cells_portable(const civid__points_t *points, int32_t i, int32_t *full) {
    civid__neighbours_t near;
    int32_t cells[CIVID__CELLS] = {0};
    const int32_t neighbours = civid__find_neighbours(points, i, &near);
    for (int32_t k = 0; k < neighbours; k++)
        add(civid__place + near.along[k], civid__place + near.across[k],
            civid__turn + near.turn[k], cells);
    uint8_t above[CIVID__CELLS];
    for (int32_t m = 0; m < CIVID__CELLS; m++) above[m] = cells[m] > CIVID__CELL_THRESHOLD;
    int32_t count = 0;
    for (int32_t m = 0; m < CIVID__CELLS; m += CIVID__GRID) {
        uint64_t any;
        memcpy(&any, above + m, sizeof any);
        if (!any) continue;
        const int32_t first = m / ROW * ROW + m / CIVID__GRID % CIVID__SECTIONS;
        for (int32_t b = 0; b < CIVID__GRID; b++) {
            full[count] = first + b * CIVID__SECTIONS;
            count += above[m + b];
        }
    }
    return count;
}

/* A word w of the table is 256 high + low + 128, so w >> 8 = high, and the sum of all words less
 * 256 times the sum of the high ones is the sum of the low ones. 16 bits suffice: no sum of any
 * rows leaves them, and what overflows on the way comes back (tests/test_cylinder.c). */
static inline uint16_t high_of(int16_t word) { return (uint16_t)(word >> 8); }

/* Four rows at once, so that the sums go through memory a quarter as often. Two loops, because what
 * a compiler makes of one is slower. */
static void add_four(const int16_t *CIVID_RESTRICT p, const int16_t *CIVID_RESTRICT q,
                     const int16_t *CIVID_RESTRICT r, const int16_t *CIVID_RESTRICT s,
                     uint16_t *CIVID_RESTRICT all, uint16_t *CIVID_RESTRICT high) {
    for (int32_t b = 0; b < WORDS; b++) all[b] = (uint16_t)(all[b] + p[b] + q[b] + r[b] + s[b]);
    for (int32_t b = 0; b < WORDS; b++)
        high[b] = (uint16_t)(high[b] + high_of(p[b]) + high_of(q[b]) + high_of(r[b]) +
                             high_of(s[b]));
}

/* 64 bits of as many bytes that are 0 or 1. */
static uint64_t bits_of(const uint8_t *flags) {
    uint64_t bits = 0;
    for (int32_t k = 0; k < 64; k += 8) {
        uint64_t eight;
        memcpy(&eight, flags + k, sizeof eight);
        bits |= (eight * 0x0102040810204080u >> 56) << k; /* bit 8 j to bit 56 + j */
    }
    return bits;
}

void civid__code_portable(const int32_t *full, int32_t count, uint64_t code[CIVID__CODE_WORDS]) {
    static const int16_t nothing[WORDS] = {0};
    const int16_t *row[4] = {civid__projection[CIVID__CELLS], nothing, nothing, nothing};
    uint16_t all[WORDS] = {0}, high[WORDS] = {0};
    int32_t k = 1;
    for (int32_t n = 0; n < count; n++) {
        if (k == 4) add_four(row[0], row[1], row[2], row[3], all, high), k = 0;
        row[k++] = civid__projection[full[n]];
    }
    while (k < 4) row[k++] = nothing;
    add_four(row[0], row[1], row[2], row[3], all, high);
    uint8_t flags[CIVID__CODE_BITS];
    const uint16_t extra = (uint16_t)(128 * (count + 1));
    for (int32_t b = 0; b < WORDS; b++) {
        flags[b] = (int16_t)(uint16_t)(all[b] - (uint16_t)(high[b] << 8) - extra) > 0;
        flags[WORDS + b] = (int16_t)high[b] > 0;
    }
    for (int32_t w = 0; w < CIVID__CODE_WORDS; w++) code[w] = bits_of(flags + 64 * w);
}
