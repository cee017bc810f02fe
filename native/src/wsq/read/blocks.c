/* blocks.c - coded data become numbers of bins. */
#include "wsq/read/blocks.h"

#include <string.h>

/* Bits from the top of a word; what lies below `count` bits is 0. FF 00 stands for FF; FF before
 * anything else is a marker, where the data end. */
typedef struct {
    const uint8_t *at, *end;
    uint64_t bits;
    int32_t count, is_dry;
} bits_t;

static inline uint64_t eight(const uint8_t *at) {
    uint64_t word = 0;
    for (int32_t i = 0; i < 8; i++) word = word << 8 | at[i];
    return word;
}

static inline int32_t has_ff(uint64_t word) {
    const uint64_t ones = 0x0101010101010101u, inverse = ~word;
    return ((inverse - ones) & word & (ones << 7)) != 0;
}

/* At least 57 bits, or all that there are. */
static void refill(bits_t *b) {
    if (b->end - b->at >= 8) {
        const uint64_t word = eight(b->at);
        if (!has_ff(word)) {
            const int32_t bytes = (64 - b->count) / 8;
            if (bytes == 0) return;
            b->bits |= word >> (64 - 8 * bytes) << (64 - 8 * bytes) >> b->count;
            b->at += bytes;
            b->count += 8 * bytes;
            return;
        }
    }
    while (b->count <= 56) {
        if (b->at == b->end || (*b->at == 0xff && (b->end - b->at < 2 || b->at[1] != 0))) {
            b->is_dry = 1;
            return;
        }
        b->bits |= (uint64_t)*b->at << (56 - b->count);
        b->at += *b->at == 0xff ? 2 : 1;
        b->count += 8;
    }
}

static inline void drop(bits_t *b, int32_t count) {
    b->bits <<= count;
    b->count -= count;
}

/* Zeros; the first WSQ_SLACK at once, most runs are short. */
static inline int32_t put_run(civid__wsq_sink_t *sink, int64_t length) {
    if (length > sink->end - sink->at) return 0;
    memset(sink->at, 0, WSQ_SLACK * sizeof *sink->at);
    if (length > WSQ_SLACK) memset(sink->at, 0, (size_t)length * sizeof *sink->at);
    sink->at += length;
    return 1;
}

static inline int32_t put(civid__wsq_sink_t *sink, int32_t value) {
    if (sink->at == sink->end) return 0;
    *sink->at++ = (int16_t)value;
    return 1;
}

/* A symbol with 8 or 16 bits behind it; 0: damaged. */
static int32_t escape(bits_t *b, int32_t symbol, civid__wsq_sink_t *sink) {
    const int32_t is_long =
        symbol == WSQ_POSITIVE_16 || symbol == WSQ_NEGATIVE_16 || symbol == WSQ_RUN_16;
    const int32_t size = is_long ? 16 : 8;
    if (size > b->count) return 0;
    const int32_t value = (int32_t)(b->bits >> (64 - size));
    drop(b, size);
    switch (symbol) {
    case WSQ_RUN_8:
    case WSQ_RUN_16: return put_run(sink, value);
    case WSQ_POSITIVE_8:
    case WSQ_POSITIVE_16: return value <= INT16_MAX && put(sink, value);
    default: return value <= INT16_MAX && put(sink, -value);
    }
}

/* Up to the next marker; padding is less than a byte. */
static int32_t read_interval(bits_t *b, const civid__wsq_lookup_t *lookup,
                             civid__wsq_sink_t *sink) {
    for (;;) {
        if (b->count < 32 && !b->is_dry) refill(b);
        if (b->is_dry && b->count < 8 && sink->at == sink->end) return 1;
        const civid__wsq_code_t code = civid__wsq_find(lookup, b->bits);
        if (code.length == 0 || code.length > b->count) return b->is_dry && b->count < 8;
        drop(b, code.length);
        if (code.symbol > WSQ_RUN_16) {
            if (code.symbol > WSQ_LAST || !put(sink, code.symbol - WSQ_ZERO)) return 0;
        } else if (code.symbol > WSQ_LONGEST_RUN) {
            if (!escape(b, code.symbol, sink)) return 0;
        } else if (code.symbol == 0 || !put_run(sink, code.symbol)) {
            return 0;
        }
    }
}

civid_status civid__wsq_read_block(civid__wsq_stream_t *stream, const civid__wsq_lookup_t *lookup,
                                   civid__wsq_sink_t *sink) {
    for (int32_t restart = 0;; restart = (restart + 1) % 8) {
        bits_t bits = {stream->at, stream->end, 0, 0, 0};
        stream->place.offset = (uint64_t)(stream->at - stream->data);
        const int32_t is_good = read_interval(&bits, lookup, sink);
        stream->at = bits.at;
        if (!is_good) {
            stream->place.offset = (uint64_t)(bits.at - stream->data);
            return CIVID_E_CORRUPT;
        }
        if (bits.end - bits.at < 2 || bits.at[1] != WSQ_RST + restart) return CIVID_OK;
        stream->at += 2;
    }
}
