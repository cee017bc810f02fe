/* Instruction sets: named, listed, forced. */
#include <string.h>

#include "cpu.h"
#include "kernels.h"
#include "test.h"

static void names(void) {
    CHECK(strcmp(civid_cpu_name(CIVID_ISA_PORTABLE), "portable") == 0);
    CHECK(strcmp(civid_cpu_name(CIVID_ISA_AVX2), "avx2") == 0);
    CHECK(strcmp(civid_cpu_name(CIVID_ISA_AVX512), "avx512") == 0);
    CHECK(strcmp(civid_cpu_name(CIVID_ISA_NEON), "neon") == 0);
    CHECK(civid_cpu_name(-1) == NULL);
    CHECK(civid_cpu_name(CIVID_ISA_COUNT) == NULL);
}

static void portable_is_always_there(void) {
    CHECK_INT(civid_cpu_available(CIVID_ISA_PORTABLE), 1);
    CHECK_INT(civid_cpu_available(-1), 0);
    CHECK_INT(civid_cpu_available(CIVID_ISA_COUNT), 0);
}

static void platforms_do_not_mix(void) {
    const int x86 = civid_cpu_available(CIVID_ISA_AVX2) || civid_cpu_available(CIVID_ISA_AVX512);
    CHECK(!(x86 && civid_cpu_available(CIVID_ISA_NEON)));
    if (civid_cpu_available(CIVID_ISA_AVX512)) CHECK(civid_cpu_available(CIVID_ISA_AVX2));
#if defined(__aarch64__)
    CHECK(civid_cpu_available(CIVID_ISA_NEON));
#endif
}

static void the_best_is_chosen_and_any_can_be_forced(void) {
    const int32_t best = civid_cpu_active();
    CHECK(civid_cpu_available(best));
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_available(isa)) {
            CHECK_INT(civid_cpu_force(isa), CIVID_OK);
            CHECK_INT(civid_cpu_active(), isa);
            CHECK_INT(civid__isa(), isa);
        } else {
            CHECK_INT(civid_cpu_force(CIVID_ISA_PORTABLE), CIVID_OK);
            CHECK_INT(civid_cpu_force(isa), CIVID_E_ISA);
            CHECK_INT(civid_cpu_active(), CIVID_ISA_PORTABLE); /* nothing changed */
        }
    }
    CHECK_INT(civid_cpu_force(CIVID_ISA_COUNT), CIVID_E_ISA);
    CHECK_INT(civid_cpu_force(-2), CIVID_E_ISA);
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
    CHECK_INT(civid_cpu_active(), best);
}

/* Every row in use is whole: what an instruction set has no twin for falls back. */
static void no_kernel_is_missing(void) {
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        void (*each[sizeof(civid__kernels_t) / sizeof(void (*)(void))])(void);
        CHECK(sizeof each == sizeof(civid__kernels_t));
        memcpy(each, civid__kernels(), sizeof each);
        for (size_t k = 0; k < sizeof each / sizeof *each; k++) CHECK(each[k] != NULL);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

int main(void) {
    RUN(names);
    RUN(portable_is_always_there);
    RUN(platforms_do_not_mix);
    RUN(the_best_is_chosen_and_any_can_be_forced);
    RUN(no_kernel_is_missing);
    return DONE();
}
