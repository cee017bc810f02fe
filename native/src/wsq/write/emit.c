/* emit.c - symbols become bits. */
#include "wsq/write/tokens.h"

typedef struct {
    uint64_t bits; /* the last `count` of them are waiting */
    int32_t count;
} bits_t;

/* Whole bytes; FF is followed by 00, so that no data look like a marker. */
static void flush(bits_t *b, civid__wsq_out_t *out) {
    if (out->end - out->at < 16) {
        out->is_full = 1;
        b->count &= 7;
        return;
    }
    while (b->count >= 8) {
        const uint8_t byte = (uint8_t)(b->bits >> (b->count - 8));
        *out->at++ = byte;
        if (byte == 0xff) *out->at++ = 0;
        b->count -= 8;
    }
}

static inline void put(bits_t *b, uint32_t value, int32_t count) {
    b->bits = b->bits << count | value;
    b->count += count;
}

void civid__wsq_emit(civid__wsq_out_t *out, const civid__wsq_token_t *tokens, int64_t count,
                     const civid__wsq_codes_t *codes) {
    uint16_t code_of[WSQ_SYMBOLS] = {0};
    uint8_t length_of[WSQ_SYMBOLS] = {0};
    uint32_t code = 0;
    int32_t place = 0;
    for (int32_t n = 1; n <= WSQ_LONGEST_CODE; n++, code <<= 1)
        for (int32_t i = 0; i < codes->counts[n - 1]; i++, code++, place++) {
            code_of[codes->symbols[place]] = (uint16_t)code;
            length_of[codes->symbols[place]] = (uint8_t)n;
        }
    bits_t b = {0, 0};
    for (int64_t i = 0; i < count; i++) {
        const civid__wsq_token_t t = tokens[i];
        put(&b, code_of[t & 0xff], length_of[t & 0xff]);
        if (t >> 24) put(&b, t >> 8 & 0xffff, (int32_t)(t >> 24));
        if (b.count >= 24) flush(&b, out);
    }
    const int32_t padding = -b.count & 7;
    put(&b, (1u << padding) - 1, padding);
    flush(&b, out);
}
