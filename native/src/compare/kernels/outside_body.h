/* outside_body.h - how far outside the hull of the other print does each minutia lie, once moved? px,
 * below 0 inside. Included once for each instruction set, like relate_body.h. */

void OUTSIDE(const civid__side_t *side, int32_t n, civid__movement_t m, const int16_t *support,
             float *out) {
    float c[CIVID__SUPPORTS], s[CIVID__SUPPORTS];
    for (int32_t d = 0; d < CIVID__SUPPORTS; d++) {
        c[d] = (float)civid__cosine((uint8_t)(16 * d)) * (1.0f / 16384);
        s[d] = (float)civid__sine((uint8_t)(16 * d)) * (1.0f / 16384);
    }
    const FLOATS mc = SET(m.c), ms = SET(m.s), mx = SET(m.x), my = SET(m.y);
    for (int32_t i = 0; i < n; i += LANES) {
        const FLOATS x = LOAD(side->x + i), y = LOAD(side->y + i);
        const FLOATS u = ADD(SUB(MUL(mc, x), MUL(ms, y)), mx);
        const FLOATS v = ADD(ADD(MUL(ms, x), MUL(mc, y)), my);
        FLOATS most = SET(-1e9f);
        for (int32_t d = 0; d < CIVID__SUPPORTS; d++) {
            const FLOATS along = ADD(MUL(u, SET(c[d])), MUL(v, SET(s[d])));
            most = MAX(SUB(along, SET((float)support[d])), most);
        }
        STORE(out + i, most);
    }
}
