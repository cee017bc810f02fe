/* The instruction set that CIVID_ISA names, for fuzz entries: each has kernels of its own. */
#include "fuzz.h"

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc, (void)argv;
    const char *wanted = getenv("CIVID_ISA");
    if (wanted == NULL || *wanted == 0) return 0;
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++)
        if (strcmp(civid_cpu_name(isa), wanted) == 0 && civid_cpu_force(isa) == CIVID_OK) return 0;
    fprintf(stderr, "CIVID_ISA=%s is not available here\n", wanted);
    exit(2);
}
