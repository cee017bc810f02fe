/* fuzz.h - what a fuzz entry is made of: bytes in, no verdict out; whatever goes wrong aborts. */
#ifndef CIVID_FUZZ_FUZZ_H
#define CIVID_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                             \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
            abort();                                                                   \
        }                                                                              \
    } while (0)

/* Numbers from the front of the input; 0 when it is used up. */
typedef struct {
    const uint8_t *at;
    size_t left;
} input_t;

static inline uint32_t take(input_t *in, size_t bytes) {
    uint32_t value = 0;
    for (; bytes > 0; bytes--, in->left -= in->left > 0) {
        value = value << 8 | (in->left > 0 ? *in->at : 0);
        if (in->left > 0) in->at++;
    }
    return value;
}

#endif
