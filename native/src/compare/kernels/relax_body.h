/* relax_body.h - candidates with company grow, those alone fade: relaxation as in LSSR. Included once
 * for each instruction set, like relate_body.h. Sixteen candidates at a time, whatever the lanes: what
 * supports one is added up in the order of the candidates. */

void RELAX(civid__scratch_t *t) {
    enum { PARTS = CIVID__LANES / LANES };
    const int32_t n = t->candidates, rounds = t->with->relax_rounds;
    const FLOATS gain = SET(n > 1 ? t->with->relax_gain / (float)(n - 1) : 0.0f), half = SET(0.5f);
    for (int32_t round = 0; round < rounds; round++) {
        for (int32_t q = 0; q < t->padded; q += CIVID__LANES) {
            FLOATS sum[PARTS];
            for (int32_t k = 0; k < PARTS; k++) sum[k] = SET(0.0f);
            for (int32_t p = 0; p < n; p++) {
                const float *row = t->compatible + (size_t)p * CIVID__MAX_CANDIDATES + q;
                const FLOATS w = SET(t->weight[p]);
                for (int32_t k = 0; k < PARTS; k++)
                    sum[k] = ADD(sum[k], MUL(w, LOAD(row + LANES * k)));
            }
            for (int32_t k = 0; k < PARTS; k++) {
                const FLOATS own = MUL(half, LOAD(t->weight + q + LANES * k));
                STORE(t->next + q + LANES * k, ADD(own, MUL(gain, sum[k])));
            }
        }
        memcpy(t->weight, t->next, (size_t)n * sizeof *t->weight); /* padding stays 0 */
    }
}
