/* bend_body.h - px, py: each moved minutia of a drawn along by how the pairs near it deviate. Included
 * once for each instruction set, like relate_body.h; sixteen minutiae at a time, whatever the lanes.
 * WITHOUT(v, lane) is v with 0 in that lane, if there is one of that number. */

void BEND(civid__scratch_t *t, int32_t n) {
    enum { PARTS = CIVID__LANES / LANES };
    const int32_t pairs = t->features.pairs;
    const FLOATS prior = SET(t->with->local_prior), one = SET(1.0f);
    const FLOATS reach = SET(1.0f / (t->with->local_reach * t->with->local_reach));
    float rx[CIVID__SIDE], ry[CIVID__SIDE]; /* how far off the partner of each pair is */
    for (int32_t k = 0; k < pairs; k++) {
        rx[k] = t->b.x[t->pair_b[k]] - t->px[t->pair_a[k]];
        ry[k] = t->b.y[t->pair_b[k]] - t->py[t->pair_a[k]];
    }
    for (int32_t i = 0; i < n; i += CIVID__LANES) {
        FLOATS sum_x[PARTS], sum_y[PARTS], sum[PARTS];
        for (int32_t p = 0; p < PARTS; p++) sum_x[p] = sum_y[p] = SET(0.0f), sum[p] = prior;
        for (int32_t k = 0; k < pairs; k++) {
            const int32_t which = t->pair_a[k];
            const FLOATS x = SET(t->a.x[which]), y = SET(t->a.y[which]);
            const FLOATS along = SET(rx[k]), across = SET(ry[k]);
            for (int32_t p = 0; p < PARTS; p++) {
                const int32_t at = i + LANES * p;
                const FLOATS dx = SUB(LOAD(t->a.x + at), x), dy = SUB(LOAD(t->a.y + at), y);
                const FLOATS d2 = ADD(MUL(dx, dx), MUL(dy, dy));
                const FLOATS near = DIV(one, ADD(one, MUL(d2, reach)));
                /* no pair bears witness for itself */
                const FLOATS w = WITHOUT(MUL(near, near), which - at);
                sum_x[p] = ADD(sum_x[p], MUL(w, along));
                sum_y[p] = ADD(sum_y[p], MUL(w, across));
                sum[p] = ADD(sum[p], w);
            }
        }
        for (int32_t p = 0; p < PARTS; p++) {
            const int32_t at = i + LANES * p;
            STORE(t->px + at, ADD(LOAD(t->px + at), DIV(sum_x[p], sum[p])));
            STORE(t->py + at, ADD(LOAD(t->py + at), DIV(sum_y[p], sum[p])));
        }
    }
}
