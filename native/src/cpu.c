/* cpu.c - detect once, name, list, force. */
#include "cpu.h"

#include <stdatomic.h>
#include <stddef.h>

#include "civid.h"
#include "compiler.h"

#if CIVID_X86 && !defined(_MSC_VER)
#include <cpuid.h>
#endif

static const char *const names[CIVID_ISA_COUNT] = {"portable", "avx2", "avx512", "neon"};

/* The only mutable state of the library: -1 = not chosen yet. Any thread may choose, and all
 * choose the same. */
static atomic_int active = -1;

const char *civid_cpu_name(int32_t isa) {
    return isa >= 0 && isa < CIVID_ISA_COUNT ? names[isa] : NULL;
}

#if CIVID_X86 && !defined(_MSC_VER)
/* Do the CPU and the operating system keep these registers? Asked of XCR0, because a CPU flag
 * alone says nothing about the kernel's context switch. */
static uint64_t enabled_state(void) {
    uint32_t a = 0, b = 0, c = 0, d = 0;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 27))) return 0;
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return ((uint64_t)high << 32) | low;
}

static int has_avx2(void) {
    uint32_t a = 0, b = 0, c = 0, d = 0;
    if ((enabled_state() & 0x6) != 0x6) return 0;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1u << 23))) return 0; /* POPCNT */
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    const uint32_t wanted = 1u << 3 | 1u << 5 | 1u << 8; /* BMI1, AVX2, BMI2 */
    return (b & wanted) == wanted;
}

static int has_avx512(void) {
    uint32_t a = 0, b = 0, c = 0, d = 0;
    if ((enabled_state() & 0xe6) != 0xe6 || !has_avx2()) return 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    const uint32_t wanted = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31; /* F, DQ, BW, VL */
    const uint32_t more = 1u << 11 | 1u << 14;                         /* VNNI, VPOPCNTDQ */
    return (b & wanted) == wanted && (c & more) == more;
}
#else
static int has_avx2(void) { return 0; }
static int has_avx512(void) { return 0; }
#endif

int32_t civid_cpu_available(int32_t isa) {
    switch (isa) {
    case CIVID_ISA_PORTABLE: return 1;
    case CIVID_ISA_AVX2: return has_avx2();
    case CIVID_ISA_AVX512: return has_avx512();
    case CIVID_ISA_NEON: return CIVID_ARM64;
    default: return 0;
    }
}

static int32_t best(void) {
    static const int32_t order[] = {CIVID_ISA_AVX512, CIVID_ISA_AVX2, CIVID_ISA_NEON};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (civid_cpu_available(order[i])) return order[i];
    return CIVID_ISA_PORTABLE;
}

int32_t civid__isa(void) {
    int isa = atomic_load_explicit(&active, memory_order_relaxed);
    if (isa < 0) {
        isa = best();
        atomic_store_explicit(&active, isa, memory_order_relaxed);
    }
    return isa;
}

int32_t civid_cpu_active(void) { return civid__isa(); }

civid_status civid_cpu_force(int32_t isa) {
    if (isa == -1) isa = best();
    if (!civid_cpu_available(isa)) return CIVID_E_ISA;
    atomic_store_explicit(&active, isa, memory_order_relaxed);
    return CIVID_OK;
}
