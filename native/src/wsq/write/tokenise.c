/* tokenise.c - numbers of bins become symbols: runs of zeros, and single values. */
#include "wsq/write/tokens.h"

enum { LONGEST = 65535 }; /* run of zeros that one symbol stands for */

static inline civid__wsq_token_t token(int32_t symbol, int32_t rest, int32_t bits) {
    return (uint32_t)symbol | (uint32_t)rest << 8 | (uint32_t)bits << 24;
}

static inline civid__wsq_token_t run(int64_t length) {
    if (length <= WSQ_LONGEST_RUN) return token((int32_t)length, 0, 0);
    if (length <= 255) return token(WSQ_RUN_8, (int32_t)length, 8);
    return token(WSQ_RUN_16, (int32_t)length, 16);
}

static inline civid__wsq_token_t single(int32_t value) {
    if (value > WSQ_RUN_16 - WSQ_ZERO && value <= WSQ_LAST - WSQ_ZERO)
        return token(value + WSQ_ZERO, 0, 0);
    if (value > 255) return token(WSQ_POSITIVE_16, value, 16);
    if (value > 0) return token(WSQ_POSITIVE_8, value, 8);
    if (value >= -255) return token(WSQ_NEGATIVE_8, -value, 8);
    return token(WSQ_NEGATIVE_16, -value, 16);
}

int64_t civid__wsq_tokenise(const int16_t *numbers, int64_t count, civid__wsq_token_t *tokens,
                            int64_t counts[WSQ_SYMBOLS]) {
    int64_t made = 0, i = 0;
    while (i < count) {
        civid__wsq_token_t next;
        if (numbers[i] != 0) {
            next = single(numbers[i++]);
        } else {
            const int64_t start = i, limit = count - i < LONGEST ? count : i + LONGEST;
            while (i < limit && numbers[i] == 0) i++;
            next = run(i - start);
        }
        counts[next & 0xff]++;
        tokens[made++] = next;
    }
    return made;
}
