/* fields_network.c - better directions from a small network that has seen made prints only.
 *
 * A mixing of the features of each block, then STEPS residual steps of a 5 x 5 layer a map, spread 1,
 * 2, 4, 1, 2, 4 blocks apart, and a mixing of maps; what comes out corrects the direction that the
 * extraction found. Float32 in a fixed order: the same on every CPU. civid.lab.train.twin is its twin
 * in NumPy, to the bit. */
#include <string.h>

#include "extract/extract_stages.h"
#include "extract/learned/field_features.h"
#include "extract/learned/fields_network.h"
#include "kernels.h"
#include "tables/fields_table.h"

enum { WIDTH = FIELDS_WIDTH, STEPS = FIELDS_STEPS, SIDE2 = LAYER_SIDE * LAYER_SIDE };
/* What comes out: what is added to the direction's cosine and sine, and how far that is trusted. */
enum { COSINE, SINE, TRUST, OUT = 4 /* a layer's maps come in fours */ };
#define TRUST_FIRST 0.9f /* of a network that has learned nothing */

static const int32_t apart[STEPS] = {1, 2, 4, 1, 2, 4};

_Static_assert(FIELDS_WIDTH % 4 == 0 && FIELDS_WIDTH <= CIVID_FIELD_FEATURES, "maps of a layer");
_Static_assert(2 * 4 <= LAYER_EDGE && 2 * 4 <= LAYER_INSET, "the farthest look stays inside");

static civid__maps_t geometry(int32_t blocks_x, int32_t blocks_y) {
    civid__maps_t m;
    m.rows = blocks_y;
    m.columns = (blocks_x + LAYER_LANES - 1) / LAYER_LANES * LAYER_LANES;
    m.stride = m.columns + 2 * LAYER_INSET;
    m.plane = (int64_t)m.stride * (m.rows + 2 * LAYER_EDGE);
    m.first = (int64_t)m.stride * LAYER_EDGE + LAYER_INSET;
    return m;
}

uint64_t civid__fields_workspace(int32_t blocks_x, int32_t blocks_y) {
    return (uint64_t)geometry(blocks_x, blocks_y).plane * (WIDTH + FIELD_FEATURES) + FIELDS_WEIGHTS;
}

/* The next `rows` of weights: whole numbers in the table, each row with its scale. */
typedef struct {
    const int8_t *whole;
    const float *scale, *bias;
    float *weights; /* where they are made */
} reader_t;

static const float *next_weights(reader_t *r, int32_t rows, int32_t each) {
    float *made = r->weights;
    for (int32_t o = 0; o < rows; o++)
        for (int32_t i = 0; i < each; i++) *r->weights++ = (float)*r->whole++ * r->scale[o];
    r->scale += rows;
    return made;
}

static const float *next_bias(reader_t *r, int32_t rows) {
    const float *bias = r->bias;
    r->bias += rows;
    return bias;
}

/* Zeros again behind the last block of each row, where the next layer looks. */
static void trim(const civid__maps_t *m, int32_t blocks_x, float *maps) {
    for (int32_t c = 0; c < WIDTH; c++)
        for (int32_t y = 0; y < m->rows; y++) {
            float *row = maps + c * m->plane + m->first + (int64_t)y * m->stride;
            for (int32_t x = blocks_x; x < m->columns; x++) row[x] = 0;
        }
}

static void correct(civid__frame_t *f, const civid__maps_t *m, const float *out) {
    for (int32_t b = 0; b < f->blocks; b++) {
        const float *at = out + m->first + (int64_t)(b / f->blocks_x) * m->stride + b % f->blocks_x;
        const float t = at[TRUST * m->plane] + TRUST_FIRST, trust = t < 0 ? 0 : t > 1 ? 1 : t;
        const float c = trust * f->cosine[b] + at[COSINE * m->plane];
        const float s = trust * f->sine[b] + at[SINE * m->plane];
        const float length = sqrtf(c * c + s * s);
        f->learned_cosine[b] = length > 1e-6f ? c / length : f->cosine[b];
        f->learned_sine[b] = length > 1e-6f ? s / length : f->sine[b];
    }
}

void civid__fields_network(civid__frame_t *f) {
    const civid__kernels_t *kernels = civid__kernels();
    const civid__maps_t m = geometry(f->blocks_x, f->blocks_y);
    float *maps = f->room, *other = maps + m.plane * WIDTH;
    reader_t r = {civid__fields_whole, civid__fields_scale, civid__fields_bias,
                  other + m.plane * FIELD_FEATURES};
    memset(maps, 0, (size_t)m.plane * (WIDTH + FIELD_FEATURES) * sizeof(float));
    for (int32_t c = 0; c < FIELD_FEATURES; c++)
        for (int32_t y = 0; y < m.rows; y++)
            memcpy(other + c * m.plane + m.first + (int64_t)y * m.stride,
                   f->features + (int64_t)c * f->blocks + y * f->blocks_x,
                   (size_t)f->blocks_x * sizeof(float));

    const float *weights = next_weights(&r, WIDTH, FIELD_FEATURES);
    kernels->mix(&m, other, FIELD_FEATURES, weights, next_bias(&r, WIDTH), maps, WIDTH, 1);
    for (int32_t step = 0; step < STEPS; step++) {
        trim(&m, f->blocks_x, maps);
        const float *wide = next_weights(&r, WIDTH, SIDE2), *bias = next_bias(&r, WIDTH);
        for (int32_t c = 0; c < WIDTH; c++)
            kernels->spread(&m, maps + c * m.plane, wide + c * SIDE2, bias[c], apart[step],
                            other + c * m.plane);
        const float *mixed = next_weights(&r, WIDTH, WIDTH);
        kernels->mix(&m, other, WIDTH, mixed, next_bias(&r, WIDTH), maps, WIDTH, 1);
    }
    const float *last = next_weights(&r, OUT, WIDTH);
    kernels->mix(&m, maps, WIDTH, last, next_bias(&r, OUT), other, OUT, 0);
    correct(f, &m, other);
}
