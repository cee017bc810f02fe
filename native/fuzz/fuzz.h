/* fuzz.h - what a fuzz entry is made of: bytes in, no verdict out; whatever goes wrong aborts. */
#ifndef CIVID_FUZZ_FUZZ_H
#define CIVID_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "civid.h"
#include "memory.h"

#if defined(__SANITIZE_ADDRESS__)
#define FUZZ_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FUZZ_ASAN 1
#endif
#endif
#ifdef FUZZ_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

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

/* A size or an index as a liar would choose it. */
static inline uint64_t absurd(input_t *in) {
    static const uint64_t values[] = {0, 1, 7, 8, 16, INT64_MAX, (uint64_t)INT64_MAX + 1,
                                      UINT64_MAX, UINT64_MAX - 7};
    enum { VALUES = sizeof values / sizeof *values };
    const uint32_t which = take(in, 1) % (2 * VALUES);
    return which < VALUES ? values[which] : take(in, 2);
}

/* Memory that is allocated once and lent to every run: asking the system for a workspace each time
 * costs more than using it. A sanitizer sees the first byte after what was lent. */
typedef struct {
    uint8_t *memory;
    uint64_t room;
} arena_t;

static inline void *lend(arena_t *arena, uint64_t size) {
    if (size > arena->room || arena->memory == NULL) {
        if (arena->memory) ASAN_UNPOISON_MEMORY_REGION(arena->memory, (size_t)arena->room);
        free(arena->memory);
        arena->room = (size + 64 + 4095) / 4096 * 4096;
        arena->memory = aligned_alloc(64, (size_t)arena->room);
        REQUIRE(arena->memory != NULL);
        memset(arena->memory, 0x5a, (size_t)arena->room);
    }
    ASAN_UNPOISON_MEMORY_REGION(arena->memory, (size_t)size);
    ASAN_POISON_MEMORY_REGION(arena->memory + size, (size_t)(arena->room - size));
    return arena->memory;
}

/* Memory of exactly this size, so that a sanitizer sees the first byte after it. */
static inline void *exactly(size_t size) {
    void *memory = malloc(size ? size : 1);
    REQUIRE(memory != NULL);
    return memory;
}

#endif
