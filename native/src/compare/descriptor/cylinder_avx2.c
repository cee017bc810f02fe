/* cylinder_avx2.c - eight cells, and two neighbours, at a time with VPMADDWD. */
#include "compare/descriptor/cylinder.h"
#include "compiler.h"

#if CIVID_X86
#include <immintrin.h>

#include "compare/descriptor/neighbours.h"
#include "tables/shared.h"

CIVID_TARGET_AVX2

enum { PAIRS = CIVID__NEIGHBOURS / 2 };

/* One dword for each of eight 16-bit numbers of two: the second above the first. */
static inline __m256i both(const int16_t *one, const int16_t *two) {
    const __m256i a = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)one));
    const __m256i b = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(const void *)two));
    return _mm256_or_si256(a, _mm256_slli_epi32(b, 16));
}

/* The lower halves of eight numbers of two: the second above the first. */
static inline __m256i above(__m256i one, __m256i two) {
    return _mm256_or_si256(one, _mm256_slli_epi32(two, 16));
}

static inline void store(int32_t *to, __m256i what) {
    _mm256_storeu_si256((__m256i *)(void *)to, what);
}

/* civid__place_of for eight: the products by pairs of 16-bit numbers, which all of them are. */
static inline __m256i places(__m256i u) {
    const __m256i x = _mm256_add_epi32(u, _mm256_set1_epi32(CIVID__PLACE_SHIFT));
    const __m256i many = _mm256_set1_epi32(CIVID__PLACE_MANY);
    const __m256i q = _mm256_srli_epi32(_mm256_madd_epi16(x, many), 16);
    const int32_t back = CIVID__PLACE_PHASES * CIVID__PLACE_WIDTH + 1;
    const __m256i factors = _mm256_set1_epi32(CIVID__PLACE_WIDTH - back * 65536);
    return _mm256_add_epi32(_mm256_madd_epi16(above(x, q), factors),
                            _mm256_set1_epi32(CIVID__PLACE_LAST));
}

/* All minutiae, eight at a time, into their places; which: those that are neighbours. */
static int32_t find(const civid__points_t *p, int32_t i, civid__neighbours_t *out, uint8_t *which) {
    const int32_t c = civid__cosine(p->angle[i]), s = civid__sine(p->angle[i]);
    const __m256i cs = _mm256_set1_epi32((int32_t)((uint32_t)s << 16 | (uint16_t)c));
    const __m256i sc = _mm256_set1_epi32((int32_t)((uint32_t)c << 16 | (uint16_t)-s));
    const __m256i half = _mm256_set1_epi32(8192), reach = _mm256_set1_epi32(CIVID__REACH_SQUARED);
    const __m128i x = _mm_set1_epi16(p->x[i]), y = _mm_set1_epi16(p->y[i]);
    const __m256i angle = _mm256_set1_epi32(p->angle[i]);
    int32_t far[CIVID__NEIGHBOURS];
    for (int32_t k = 0; k < p->count; k += 8) {
        const int32_t j = k + 8 <= p->count ? k : p->count - 8; /* some of them twice */
        /* saturated where it is far: then the square is far too */
        const __m128i dx =
            _mm_subs_epi16(_mm_loadu_si128((const __m128i *)(const void *)(p->x + j)), x);
        const __m128i dy =
            _mm_subs_epi16(_mm_loadu_si128((const __m128i *)(const void *)(p->y + j)), y);
        const __m256i d = above(_mm256_cvtepu16_epi32(dx), _mm256_cvtepu16_epi32(dy));
        const __m256i square = _mm256_madd_epi16(d, d);
        /* -1 or 0; 2^31 is negative, and far */
        store(far + j, _mm256_or_si256(_mm256_cmpgt_epi32(square, reach),
                                       _mm256_srai_epi32(square, 31)));
        const __m256i u = _mm256_add_epi32(_mm256_madd_epi16(d, cs), half);
        const __m256i v = _mm256_add_epi32(_mm256_madd_epi16(d, sc), half);
        store(out->along + j, places(_mm256_srai_epi32(u, 14)));
        store(out->across + j, places(_mm256_srai_epi32(v, 14)));
        const __m256i theirs = _mm256_cvtepu8_epi32(
            _mm_loadl_epi64((const __m128i *)(const void *)(p->angle + j)));
        const __m256i turn =
            _mm256_and_si256(_mm256_sub_epi32(angle, theirs), _mm256_set1_epi32(255));
        store(out->turn + j, _mm256_slli_epi32(turn, 3));
    }
    far[i] = -1;
    int32_t count = 0;
    for (int32_t j = 0; j < p->count; j++) {
        which[count] = (uint8_t)j;
        count += far[j] + 1;
    }
    return count;
}

/* Weights of all cells of a section for two neighbours, before the section's own: one vector a row
 * of cells. */
static inline void weigh(const civid__neighbours_t *near, int32_t m, int32_t n,
                         __m256i weight[CIVID__GRID], int32_t turn[CIVID__TURN_WIDTH]) {
    const int16_t *place = civid__place, *turns = civid__turn;
    /* a * b >> 10 = (32 a) * (2 b) >> 16, and 32 * 1024 still is a 16-bit number without sign */
    const __m256i along =
        _mm256_slli_epi16(both(place + near->along[m], place + near->along[n]), 5);
    const __m256i across =
        _mm256_slli_epi16(both(place + near->across[m], place + near->across[n]), 1);
    for (int32_t a = 0; a < CIVID__GRID; a++)
        weight[a] = _mm256_mulhi_epu16(
            across, _mm256_permutevar8x32_epi32(along, _mm256_set1_epi32(a)));
    store(turn, both(turns + near->turn[m], turns + near->turn[n]));
}

/* Which of the 64 cells of a section are full. */
static uint64_t section(__m256i weight[][CIVID__GRID], int32_t turn[][CIVID__TURN_WIDTH],
                        int32_t pairs, int32_t k) {
    __m256i sum[CIVID__GRID];
    for (int32_t a = 0; a < CIVID__GRID; a++) sum[a] = _mm256_setzero_si256();
    for (int32_t p = 0; p < pairs; p++) {
        const __m256i of_turn = _mm256_set1_epi32(turn[p][k]);
        for (int32_t a = 0; a < CIVID__GRID; a++)
            sum[a] = _mm256_add_epi32(sum[a], _mm256_madd_epi16(weight[p][a], of_turn));
    }
    const __m256i threshold = _mm256_set1_epi32(CIVID__CELL_THRESHOLD);
    uint64_t full = 0;
    for (int32_t a = 0; a < CIVID__GRID; a++) {
        const __m256i above = _mm256_cmpgt_epi32(sum[a], threshold);
        full |= (uint64_t)(uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(above)) << 8 * a;
    }
    return full;
}

/* The numbers of these cells of section k; a row at a time, without a branch to guess wrong. */
static int32_t list(uint64_t which, int32_t k, int32_t *full) {
    int32_t count = 0;
    for (int32_t a = 0; a < CIVID__GRID; a++, which >>= 8) {
        const __m128i columns = _mm_cvtsi64_si128((long long)civid__set_bits[which & 255]);
        const __m256i first = _mm256_set1_epi32(a * CIVID__GRID * CIVID__SECTIONS + k);
        store(full + count, _mm256_add_epi32(first, _mm256_cvtepu8_epi32(columns)));
        count += _mm_popcnt_u32((uint32_t)which & 255);
    }
    return count;
}

int32_t civid__full_cells_avx2(const civid__points_t *points, int32_t i, int32_t *full) {
    if (points->count < 8) return civid__full_cells_portable(points, i, full);
    civid__neighbours_t near;
    uint8_t which[256];
    __m256i weight[PAIRS][CIVID__GRID];
    int32_t turn[PAIRS][CIVID__TURN_WIDTH];
    const int32_t neighbours = find(points, i, &near, which), pairs = (neighbours + 1) / 2;
    which[neighbours] = (uint8_t)points->count; /* the one that is none */
    near.along[points->count] = near.across[points->count] = CIVID__PLACE_NONE;
    near.turn[points->count] = 0;
    for (int32_t p = 0; p < pairs; p++)
        weigh(&near, which[2 * p], which[2 * p + 1], weight[p], turn[p]);
    int32_t count = 0;
    for (int32_t k = 0; k < CIVID__SECTIONS; k++)
        count += list(section(weight, turn, pairs, k), k, full + count);
    return count;
}

/* 32 bits from the signs of 32 sums. */
static inline uint64_t positive(__m256i first, __m256i second) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i bytes = _mm256_packs_epi16(_mm256_cmpgt_epi16(first, zero),
                                             _mm256_cmpgt_epi16(second, zero));
    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(bytes, 0xd8));
}

static inline __m256i words(const int16_t *at) {
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

/* As in cylinder_portable.c, two rows and 64 words at a time: half of them keeps all sums in
 * registers. */
void civid__code_avx2(const int32_t *full, int32_t count, uint64_t code[CIVID__CODE_WORDS]) {
    static const int16_t nothing[CIVID__CODE_BITS / 2] = {0};
    const __m256i extra = _mm256_set1_epi16((short)(128 * (count + 1)));
    for (int32_t half = 0; half < 2; half++) {
        __m256i all[4], high[4];
        for (int32_t v = 0; v < 4; v++) all[v] = high[v] = _mm256_setzero_si256();
        const int16_t *p = civid__projection[CIVID__CELLS];
        const int16_t *q = count % 2 ? civid__projection[full[0]] : nothing;
        for (int32_t n = count % 2;; n += 2) {
            for (int32_t v = 0; v < 4; v++) {
                const __m256i a = words(p + 64 * half + 16 * v), b = words(q + 64 * half + 16 * v);
                all[v] = _mm256_add_epi16(all[v], _mm256_add_epi16(a, b));
                high[v] = _mm256_add_epi16(
                    high[v], _mm256_add_epi16(_mm256_srai_epi16(a, 8), _mm256_srai_epi16(b, 8)));
            }
            if (n >= count) break;
            p = civid__projection[full[n]], q = civid__projection[full[n + 1]];
        }
        __m256i low[4];
        for (int32_t v = 0; v < 4; v++)
            low[v] = _mm256_sub_epi16(_mm256_sub_epi16(all[v], extra),
                                      _mm256_slli_epi16(high[v], 8));
        code[half] = positive(low[0], low[1]) | positive(low[2], low[3]) << 32;
        code[2 + half] = positive(high[0], high[1]) | positive(high[2], high[3]) << 32;
    }
}

CIVID_TARGET_END
#endif
