/* relate_body.h - do two candidates describe the same movement? Included once for each instruction
 * set, with RELATE, LANES, LOAD, STORE, SET, ADD, SUB, MUL, DIV, SQRT and MAX defined: the same
 * IEEE operations in the same order, so the same bits.
 *
 * Three errors, each relative to its tolerance; the product of one minus their squares, or 0:
 * the distance between the two minutiae, their turn, and the bearing of one from the other, turned
 * by the mean of both turns. Divisions are saved by multiplying the tolerances out.
 *
 * All of it is symmetric in p and q to the last bit, so that one lane at a time may compute half of
 * the matrix (FIRST) and copy the other (MIRROR). */

void RELATE(civid__scratch_t *t) {
    const civid_comparator_t *with = t->with;
    const FLOATS half = SET(0.5f), one = SET(1.0f), two = SET(2.0f), zero = SET(0.0f);
    const FLOATS base = SET(with->distance_base), slope = SET(with->distance_slope);
    const FLOATS direction =
        SET(1.0f / (with->direction_tolerance * with->direction_tolerance));
    const FLOATS bearing = SET(with->bearing_tolerance), near = SET(with->bearing_near);
    const FLOATS soft = SET(with->bearing_soft), least = SET(1e-3f);
    for (int32_t p = 0; p < t->candidates; p++) {
        float *row = t->compatible + (size_t)p * CIVID__MAX_CANDIDATES;
        const FLOATS xa = SET(t->xa[p]), ya = SET(t->ya[p]), xb = SET(t->xb[p]), yb = SET(t->yb[p]);
        const FLOATS pc = SET(t->turn_c[p]), ps = SET(t->turn_s[p]);
        for (int32_t q = FIRST(p); q < t->padded; q += LANES) {
            const FLOATS ax = SUB(LOAD(t->xa + q), xa), ay = SUB(LOAD(t->ya + q), ya);
            const FLOATS bx = SUB(LOAD(t->xb + q), xb), by = SUB(LOAD(t->yb + q), yb);
            const FLOATS da = SQRT(ADD(MUL(ax, ax), MUL(ay, ay)));
            const FLOATS db = SQRT(ADD(MUL(bx, bx), MUL(by, by)));
            const FLOATS mean = MUL(half, ADD(da, db));
            const FLOATS e1 = DIV(SUB(da, db), ADD(base, MUL(slope, mean)));
            const FLOATS qc = LOAD(t->turn_c + q), qs = LOAD(t->turn_s + q);
            const FLOATS turn = ADD(MUL(pc, qc), MUL(ps, qs));
            const FLOATS e2 = MUL(SUB(two, MUL(two, turn)), direction);
            const FLOATS dot = ADD(MUL(ax, bx), MUL(ay, by));
            const FLOATS cross = SUB(MUL(ax, by), MUL(ay, bx));
            const FLOATS along =
                MUL(half, ADD(MUL(ADD(pc, qc), dot), MUL(ADD(ps, qs), cross)));
            /* two minutiae at one place have no bearing: then this is far from 0 */
            const FLOATS product = MAX(MUL(da, db), least);
            const FLOATS away = ADD(mean, soft);
            const FLOATS width = ADD(MUL(bearing, away), near);
            const FLOATS e3 = DIV(MUL(MUL(two, SUB(product, along)), MUL(away, away)),
                                  MUL(product, MUL(width, width)));
            const FLOATS fit1 = MAX(SUB(one, MUL(e1, e1)), zero);
            const FLOATS fit2 = MAX(SUB(one, e2), zero), fit3 = MAX(SUB(one, e3), zero);
            STORE(row + q, MUL(MUL(fit1, fit2), fit3));
            MIRROR(t, p, q);
        }
    }
}
