/* codes.h - Huffman codes by what the next bits are. */
#ifndef CIVID_WSQ_READ_CODES_H
#define CIVID_WSQ_READ_CODES_H

#include "wsq/tables.h"

enum { WSQ_FAST_BITS = 11 };

typedef struct {
    uint8_t length; /* bits; 0: none begins so, or a longer one does */
    uint8_t symbol;
} civid__wsq_code_t;

typedef struct {
    civid__wsq_code_t fast[1 << WSQ_FAST_BITS];
    /* Longer ones, by their first 16 bits: codes below past[n] have at most n bits. */
    uint32_t past[WSQ_LONGEST_CODE + 1];
    int32_t first[WSQ_LONGEST_CODE + 1]; /* place in symbols, less the code */
    const uint8_t *symbols;
} civid__wsq_lookup_t;

void civid__wsq_lookup(civid__wsq_lookup_t *lookup, const civid__wsq_codes_t *codes);

/* The code that the top bits of `bits` begin with. */
static inline civid__wsq_code_t civid__wsq_find(const civid__wsq_lookup_t *lookup, uint64_t bits) {
    const civid__wsq_code_t code = lookup->fast[bits >> (64 - WSQ_FAST_BITS)];
    if (code.length) return code;
    const uint32_t head = (uint32_t)(bits >> (64 - WSQ_LONGEST_CODE));
    for (int32_t n = WSQ_FAST_BITS + 1; n <= WSQ_LONGEST_CODE; n++)
        if (head < lookup->past[n]) {
            const int32_t place = lookup->first[n] + (int32_t)(head >> (WSQ_LONGEST_CODE - n));
            return (civid__wsq_code_t){(uint8_t)n, lookup->symbols[place]};
        }
    return (civid__wsq_code_t){0, 0};
}

#endif
