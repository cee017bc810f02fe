/* A main for fuzz entries where there is no libFuzzer: runs the files it is given, or inputs from a
 * seeded generator.
 *
 *     fuzz_extract FILE...
 *     fuzz_extract -n 200 [-s 7]      input number k of seed s is always the same
 */
#include "fuzz.h"

#define LONGEST 6000

static uint64_t next(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Bytes at their exact size on the heap, so that a sanitizer sees the first one behind. */
static void run(const uint8_t *bytes, size_t size) {
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy) abort();
    memcpy(copy, bytes, size);
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static int run_file(const char *path) {
    static uint8_t bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return EXIT_FAILURE;
    }
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    run(bytes, size);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
    uint64_t count = 0, seed = 1;
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-n") == 0 && i + 1 < argc) {
            count = strtoull(argv[++i], NULL, 10);
        } else if (strcmp(argv[i], "-s") == 0 && i + 1 < argc) {
            seed = strtoull(argv[++i], NULL, 10);
        } else if (run_file(argv[i]) != EXIT_SUCCESS) {
            return EXIT_FAILURE;
        }
    }
    static uint8_t bytes[LONGEST];
    for (uint64_t k = 0; k < count; k++) {
        uint64_t state = seed * 0x100000001b3u + k;
        const size_t size = (size_t)(next(&state) % LONGEST);
        for (size_t i = 0; i < size; i++) bytes[i] = (uint8_t)next(&state);
        if (getenv("REPLAY_TRACE")) fprintf(stderr, "input %llu\n", (unsigned long long)k);
        run(bytes, size);
    }
    printf("%-28s %llu inputs\n", argv[0], (unsigned long long)count);
    return EXIT_SUCCESS;
}
