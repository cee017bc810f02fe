/* scan_code_body.h - sums over the full cells to two words. Included once for each instruction set:
 * plain loops that compilers turn into its lanes. */

static void code_of(const int32_t *full, int32_t count, uint64_t code[2]) {
    int16_t sum[128];
    memcpy(sum, civid__scan_projection[CIVID__CELLS], sizeof sum);
    for (int32_t n = 0; n < count; n++) {
        const int16_t *row = civid__scan_projection[full[n]];
        for (int32_t b = 0; b < 128; b++) sum[b] = (int16_t)(sum[b] + row[b]);
    }
    for (int32_t w = 0; w < 2; w++) {
        uint64_t bits = 0;
        for (int32_t b = 0; b < 64; b++) bits |= (uint64_t)(sum[64 * w + b] > 0) << b;
        code[w] = bits;
    }
}
