/* compiler.h - what differs between compilers, in one place. */
#ifndef CIVID_COMPILER_H
#define CIVID_COMPILER_H

#if defined(__x86_64__) || defined(_M_X64)
#define CIVID_X86 1
#else
#define CIVID_X86 0
#endif

#if defined(__aarch64__) || defined(_M_ARM64)
#define CIVID_ARM64 1
#else
#define CIVID_ARM64 0
#endif

/* Code between CIVID_TARGET_AVX2 and CIVID_TARGET_END may use AVX2, and so on: the build itself
 * never asks for more than the baseline of the platform. MSVC needs no such marks. */
#define CIVID__PRAGMA(x) _Pragma(#x)
#if CIVID_X86 && defined(__clang__)
#define CIVID_TARGET_AVX2 \
    CIVID__PRAGMA(clang attribute push(__attribute__((target("avx2,bmi,bmi2,popcnt"))), apply_to = function))
#define CIVID_TARGET_AVX512                                                                       \
    CIVID__PRAGMA(clang attribute push(                                                           \
        __attribute__((target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512vpopcntdq"))), \
        apply_to = function))
#define CIVID_TARGET_END CIVID__PRAGMA(clang attribute pop)
#elif CIVID_X86 && defined(__GNUC__)
#define CIVID_TARGET_AVX2 \
    CIVID__PRAGMA(GCC push_options) CIVID__PRAGMA(GCC target("avx2,bmi,bmi2,popcnt"))
#define CIVID_TARGET_AVX512        \
    CIVID__PRAGMA(GCC push_options) \
    CIVID__PRAGMA(GCC target("avx2,bmi,bmi2,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512vpopcntdq"))
#define CIVID_TARGET_END CIVID__PRAGMA(GCC pop_options)
#else
#define CIVID_TARGET_AVX2
#define CIVID_TARGET_AVX512
#define CIVID_TARGET_END
#endif

#if defined(_MSC_VER) && !defined(__clang__)
#define CIVID_RESTRICT __restrict
#define CIVID_ALIGNED(n) __declspec(align(n))
#else
#define CIVID_RESTRICT restrict
#define CIVID_ALIGNED(n) __attribute__((aligned(n)))
#endif

/* Ask for the memory at an address before it is read; where that is not known how, nothing. */
#if defined(__GNUC__) || defined(__clang__)
#define CIVID_PREFETCH(at) __builtin_prefetch(at)
#else
#define CIVID_PREFETCH(at) ((void)(at))
#endif

#endif
