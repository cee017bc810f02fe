/* test.h - the whole test harness: a failed CHECK is printed and counted, main returns the count.
 *
 *     static void adds(void) { CHECK(1 + 1 == 2); }
 *     int main(void) { RUN(adds); return DONE(); }
 */
#ifndef CIVID_TESTS_TEST_H
#define CIVID_TESTS_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "civid.h"
#include "memory.h"

static int civid__failures;

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
            civid__failures++;                                                      \
        }                                                                           \
    } while (0)

#define CHECK_INT(got, wanted)                                                                 \
    do {                                                                                       \
        const long long civid__got = (long long)(got), civid__wanted = (long long)(wanted);    \
        if (civid__got != civid__wanted) {                                                     \
            fprintf(stderr, "%s:%d: %s is %lld, wanted %lld\n", __FILE__, __LINE__, #got,      \
                    civid__got, civid__wanted);                                                \
            civid__failures++;                                                                 \
        }                                                                                      \
    } while (0)

#define RUN(test)                                                                 \
    do {                                                                          \
        const int civid__before = civid__failures;                                \
        test();                                                                   \
        if (civid__failures > civid__before) fprintf(stderr, "  in %s\n", #test); \
    } while (0)

static inline int civid__done(const char *file) {
    printf("%-28s %s\n", file, civid__failures ? "FAILED" : "ok");
    return civid__failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
#define DONE() civid__done(__FILE__)

/* Memory of exactly this size, so that a sanitizer sees the first byte behind it. */
static inline void *civid__memory(uint64_t size) {
    void *memory = aligned_alloc(64, (size_t)((size + 63) / 64 * 64));
    if (!memory) abort();
    return memory;
}

/* SplitMix64 (Steele, Lea, Flood 2014): the same numbers everywhere. */
static inline uint64_t civid__random(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
static inline int32_t civid__below(uint64_t *state, int32_t limit) {
    return (int32_t)(civid__random(state) % (uint64_t)limit);
}

#endif
