/* code.c - full cells to 256 bits through the learned projection. */
#include <string.h>

#include "compare/cylinder.h"
#include "compare/projection_table.h"

void civid__code(const int32_t cells[CIVID__CELLS], uint64_t code[CIVID__CODE_WORDS]) {
    int32_t sum[CIVID__CODE_BITS];
    memcpy(sum, civid__projection_bias, sizeof sum);
    for (int32_t k = 0; k < CIVID__CELLS; k++) {
        if (cells[k] <= CIVID__CELL_THRESHOLD) continue;
        const int8_t *row = civid__projection[k];
        for (int32_t b = 0; b < CIVID__CODE_BITS; b++) sum[b] += row[b];
    }
    memset(code, 0, CIVID__CODE_WORDS * sizeof *code);
    for (int32_t b = 0; b < CIVID__CODE_BITS; b++)
        if (sum[b] > 0) code[b / 64] |= (uint64_t)1 << (b % 64);
}
