/* number.c - the bins that values fall into. */
#include "wsq/write/tokens.h"

/* The largest value that a bin's number may have, also as a float. */
#define MOST 32767

/* Returns whether any number is out of range. */
static int32_t number_row(const float *restrict values, int32_t count, float width, float zero,
                          int16_t *restrict numbers) {
    const float edge = zero / 2.0f;
    int32_t is_beyond = 0;
    for (int32_t i = 0; i < count; i++) {
        const float v = values[i];
        const float up = (v - edge) / width, down = (v + edge) / width;
        const float bin = v > edge ? up : v < -edge ? down : 0.0f;
        is_beyond |= !(bin < MOST && bin > -MOST);
        const int32_t outer = bin < MOST && bin > -MOST ? (int32_t)bin : 0;
        numbers[i] = (int16_t)(outer + (v > edge) - (v < -edge));
    }
    return is_beyond;
}

int64_t civid__wsq_number(const civid__wsq_tree_t *tree, const civid__wsq_bins_t *bins,
                          int32_t first, int32_t last, const float *values, int16_t *numbers) {
    const int32_t stride = tree->nodes[0].area.width;
    int64_t count = 0;
    int32_t is_beyond = 0;
    for (int32_t b = first; b <= last; b++) {
        const civid__wsq_area_t *a = &tree->bands[b];
        if (bins->width[b] == 0) continue;
        for (int32_t y = 0; y < a->height; y++, count += a->width)
            is_beyond |= number_row(values + (int64_t)(a->y + y) * stride + a->x, a->width,
                                    bins->width[b], bins->zero[b], numbers + count);
    }
    return is_beyond ? -1 : count;
}
