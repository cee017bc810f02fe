/* number.c - the bins that values fall into. */
#include <math.h> /* fabsf only: exact */

#include "compiler.h"
#include "wsq/write/tokens.h"

/* The largest number that a bin may have. */
#define MOST 32767

/* Returns the largest number. Magnitudes and signs, no branches: such a loop can be vectorised. */
static int32_t number_row(const float *CIVID_RESTRICT values, int32_t count, float width,
                          float zero, int16_t *CIVID_RESTRICT numbers) {
    const float edge = zero / 2.0f;
    int32_t most = 0;
    for (int32_t i = 0; i < count; i++) {
        const float v = values[i], bins = (fabsf(v) - edge) / width;
        const float outer = bins < (float)MOST ? bins : (float)MOST;
        /* Within half of the zero bin, `outer` is in (-1, 0] and becomes 0. */
        const int32_t n = (int32_t)outer + (outer > 0), sign = v < 0 ? -1 : 0;
        most = n > most ? n : most;
        numbers[i] = (int16_t)((n ^ sign) - sign);
    }
    return most;
}

int64_t civid__wsq_number(const civid__wsq_tree_t *tree, const civid__wsq_bins_t *bins,
                          int32_t first, int32_t last, const float *values, int16_t *numbers) {
    const int32_t stride = tree->nodes[0].area.width;
    int64_t count = 0;
    int32_t most = 0;
    for (int32_t b = first; b <= last; b++) {
        const civid__wsq_area_t *a = &tree->bands[b];
        if (bins->width[b] == 0) continue;
        for (int32_t y = 0; y < a->height; y++, count += a->width) {
            const int32_t n = number_row(values + (int64_t)(a->y + y) * stride + a->x, a->width,
                                         bins->width[b], bins->zero[b], numbers + count);
            most = n > most ? n : most;
        }
    }
    return most > MOST ? -1 : count;
}
