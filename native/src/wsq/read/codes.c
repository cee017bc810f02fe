/* codes.c - Huffman codes by what the next bits are: canonical, the shortest first. */
#include "wsq/read/codes.h"

#include <string.h>

void civid__wsq_lookup(civid__wsq_lookup_t *lookup, const civid__wsq_codes_t *codes) {
    uint32_t code = 0; /* the next one, of n bits */
    int32_t place = 0;
    memset(lookup->fast, 0, sizeof lookup->fast);
    lookup->symbols = codes->symbols;
    for (int32_t n = 1; n <= WSQ_LONGEST_CODE; n++) {
        code <<= 1;
        lookup->first[n] = place - (int32_t)code;
        for (int32_t i = 0; i < codes->counts[n - 1]; i++, code++, place++) {
            if (n > WSQ_FAST_BITS) continue;
            const int32_t free_bits = WSQ_FAST_BITS - n;
            for (uint32_t rest = 0; rest < 1u << free_bits; rest++)
                lookup->fast[(code << free_bits) + rest] =
                    (civid__wsq_code_t){(uint8_t)n, codes->symbols[place]};
        }
        lookup->past[n] = code << (WSQ_LONGEST_CODE - n);
    }
}
