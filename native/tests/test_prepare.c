/* What is prepared never changes: galleries and measured figures depend on every bit. */
#include "templates.h"

enum { TEMPLATES = 400 };

static uint64_t digest_of_all(void) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (uint64_t seed = 0; seed < TEMPLATES; seed++) {
        civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
        const int32_t count = civid__count(seed);
        uint64_t size;
        civid__minutiae(seed, count, minutiae);
        CHECK_INT(civid_prepared_size(count, &size), CIVID_OK);
        uint8_t *prepared = civid__memory(size);
        CHECK_INT(civid_prepare(minutiae, count, 0, prepared, size), CIVID_OK);
        for (uint64_t i = 0; i < size; i++) hash = (hash ^ prepared[i]) * 0x100000001b3u;
        free(prepared);
    }
    return hash;
}

/* Recorded with the first version of civid_prepare, one cell and one bit at a time. */
static void the_bytes_are_those_of_the_first_version(void) {
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        CHECK_INT(digest_of_all(), 0x256454df6e177e83u);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

int main(void) {
    RUN(the_bytes_are_those_of_the_first_version);
    return DONE();
}
