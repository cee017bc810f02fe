/* near_body.h - which minutiae of b lie near a moved minutia of a, and point its way? Included once
 * for each instruction set, like relate_body.h. NEARER(d2, far, turn, wide) gives one bit a lane. */

int32_t NEAR(const civid__scratch_t *t, int32_t i, int32_t m, float distance, uint8_t *hits) {
    const FLOATS x = SET(t->px[i]), y = SET(t->py[i]), c = SET(t->pc[i]), s = SET(t->ps[i]);
    const float direction = t->with->pair_direction;
    const FLOATS far = SET(distance * distance);
    /* |turn| < tolerance, said by the cosine: 2 - 2 cos < tolerance^2 */
    const FLOATS straight = SET(1.0f - 0.5f * direction * direction);
    int32_t count = 0;
    for (int32_t j = 0; j < m; j += LANES) {
        const FLOATS dx = SUB(LOAD(t->b.x + j), x), dy = SUB(LOAD(t->b.y + j), y);
        const FLOATS d2 = ADD(MUL(dx, dx), MUL(dy, dy));
        const FLOATS cosine = ADD(MUL(LOAD(t->b.c + j), c), MUL(LOAD(t->b.s + j), s));
        uint32_t found = NEARER(d2, far, cosine, straight);
        if (m - j < LANES) found &= (1u << (m - j)) - 1;
        for (; found; found &= found - 1) hits[count++] = (uint8_t)(j + civid__lowest_bit(found));
    }
    return count;
}
