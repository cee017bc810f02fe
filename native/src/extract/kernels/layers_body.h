/* layers_body.h - included once for each instruction set; sixteen places at a time, whatever the lanes. */

enum { PARTS = LAYER_LANES / LANES };

void MIX(const civid__maps_t *maps, const float *in, int32_t inputs, const float *weights,
         const float *bias, float *out, int32_t outputs, int32_t add) {
    for (int32_t y = 0; y < maps->rows; y++)
        for (int32_t x = 0; x < maps->columns; x += LAYER_LANES) {
            const int64_t at = maps->first + (int64_t)y * maps->stride + x;
            for (int32_t o = 0; o < outputs; o += 4) {
                const float *w = weights + (int64_t)o * inputs;
                FLOATS sum[4][PARTS];
                for (int32_t j = 0; j < 4; j++)
                    for (int32_t k = 0; k < PARTS; k++) sum[j][k] = SET(bias[o + j]);
                for (int32_t i = 0; i < inputs; i++)
                    for (int32_t k = 0; k < PARTS; k++) {
                        const FLOATS v = LOAD(in + i * maps->plane + at + LANES * k);
                        for (int32_t j = 0; j < 4; j++)
                            sum[j][k] = ADD(sum[j][k], MUL(SET(w[j * inputs + i]), v));
                    }
                for (int32_t j = 0; j < 4; j++)
                    for (int32_t k = 0; k < PARTS; k++) {
                        float *to = out + (o + j) * maps->plane + at + LANES * k;
                        STORE(to, add ? MAX(ADD(sum[j][k], LOAD(to)), SET(0.0f)) : sum[j][k]);
                    }
            }
        }
}

void SPREAD(const civid__maps_t *maps, const float *in, const float *weights, float bias,
            int32_t apart, float *out) {
    for (int32_t y = 0; y < maps->rows; y++)
        for (int32_t x = 0; x < maps->columns; x += LAYER_LANES) {
            const int64_t at = maps->first + (int64_t)y * maps->stride + x;
            FLOATS sum[PARTS];
            for (int32_t k = 0; k < PARTS; k++) sum[k] = SET(bias);
            for (int32_t t = 0; t < LAYER_SIDE * LAYER_SIDE; t++) {
                const int32_t down = (t / LAYER_SIDE - LAYER_SIDE / 2) * apart;
                const int32_t right = (t % LAYER_SIDE - LAYER_SIDE / 2) * apart;
                const float *from = in + at + (int64_t)down * maps->stride + right;
                const FLOATS w = SET(weights[t]);
                for (int32_t k = 0; k < PARTS; k++)
                    sum[k] = ADD(sum[k], MUL(w, LOAD_ANY(from + LANES * k)));
            }
            for (int32_t k = 0; k < PARTS; k++)
                STORE(out + at + LANES * k, MAX(sum[k], SET(0.0f)));
        }
}
