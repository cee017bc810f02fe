/* cylinder_avx512.c - sixteen cells, and two neighbours, at a time with VPDPWSSD. */
#include "compare/descriptor/cylinder.h"
#include "compiler.h"

#if CIVID_X86
#include <immintrin.h>

#include "compare/descriptor/neighbours.h"
#include "tables/shared.h"

CIVID_TARGET_AVX512

enum { PAIRS = CIVID__NEIGHBOURS / 2, THREE = CIVID__SECTIONS / 2 };
enum { QUARTERS = 4, VECTORS = 4 }; /* of the 64 cells of a section, of the 128 words of a row */

/* The lower halves of sixteen numbers of two: the second above the first. */
static inline __m512i above(__m512i one, __m512i two) {
    return _mm512_or_si512(one, _mm512_slli_epi32(two, 16));
}

/* civid__place_of for sixteen: the products by pairs of 16-bit numbers, which all of them are. */
static inline __m512i places(__m512i u) {
    const __m512i x = _mm512_add_epi32(u, _mm512_set1_epi32(CIVID__PLACE_SHIFT));
    const __m512i many = _mm512_set1_epi32(CIVID__PLACE_MANY);
    const __m512i q = _mm512_srli_epi32(_mm512_madd_epi16(x, many), 16);
    const int32_t back = CIVID__PLACE_PHASES * CIVID__PLACE_WIDTH + 1;
    const __m512i factors = _mm512_set1_epi32(CIVID__PLACE_WIDTH - back * 65536);
    return _mm512_add_epi32(_mm512_madd_epi16(above(x, q), factors),
                            _mm512_set1_epi32(CIVID__PLACE_LAST));
}

static inline int32_t keep(int32_t *to, __mmask16 which, __m512i what) {
    _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(which, what));
    return _mm_popcnt_u32(which);
}

static int32_t find(const civid__points_t *p, int32_t i, civid__neighbours_t *out) {
    const int32_t c = civid__cosine(p->angle[i]), s = civid__sine(p->angle[i]);
    const __m512i cs = _mm512_set1_epi32((int32_t)((uint32_t)s << 16 | (uint16_t)c));
    const __m512i sc = _mm512_set1_epi32((int32_t)((uint32_t)c << 16 | (uint16_t)-s));
    const __m512i half = _mm512_set1_epi32(8192), reach = _mm512_set1_epi32(CIVID__REACH_SQUARED);
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m256i x = _mm256_set1_epi16(p->x[i]), y = _mm256_set1_epi16(p->y[i]);
    const __m512i angle = _mm512_set1_epi32(p->angle[i]);
    int32_t count = 0;
    for (int32_t j = 0; j < p->count; j += 16) {
        const int32_t left = p->count - j;
        const __mmask16 here = (__mmask16)(left < 16 ? (1u << left) - 1 : 0xffff);
        /* saturated where it is far: then the square is far too, as a number without sign */
        const __m256i dx = _mm256_subs_epi16(_mm256_maskz_loadu_epi16(here, p->x + j), x);
        const __m256i dy = _mm256_subs_epi16(_mm256_maskz_loadu_epi16(here, p->y + j), y);
        const __m512i d = above(_mm512_cvtepu16_epi32(dx), _mm512_cvtepu16_epi32(dy));
        __mmask16 near = _mm512_mask_cmple_epu32_mask(here, _mm512_madd_epi16(d, d), reach);
        near = _mm512_mask_cmpneq_epi32_mask(near, lane, _mm512_set1_epi32(i - j));
        const __m512i u = _mm512_srai_epi32(_mm512_add_epi32(_mm512_madd_epi16(d, cs), half), 14);
        const __m512i v = _mm512_srai_epi32(_mm512_add_epi32(_mm512_madd_epi16(d, sc), half), 14);
        const __m512i theirs = _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(here, p->angle + j));
        const __m512i turn = _mm512_slli_epi32(
            _mm512_and_si512(_mm512_sub_epi32(angle, theirs), _mm512_set1_epi32(255)), 3);
        keep(out->along + count, near, places(u));
        keep(out->across + count, near, places(v));
        count += keep(out->turn + count, near, turn);
    }
    return count;
}

/* Eight 16-bit numbers of one neighbour, and behind them those of the next. */
static inline __m256i both(const int16_t *table, const int32_t *at) {
    const __m128i one = _mm_loadu_si128((const __m128i *)(const void *)(table + at[0]));
    const __m128i two = _mm_loadu_si128((const __m128i *)(const void *)(table + at[1]));
    return _mm256_inserti128_si256(_mm256_castsi128_si256(one), two, 1);
}

/* A dword for each that is asked for: the number of one neighbour, above it that of the other. */
static inline __m512i paired(__m512i which, __m256i numbers) {
    const __m512i words = above(which, _mm512_add_epi32(which, _mm512_set1_epi32(8)));
    return _mm512_permutexvar_epi16(words, _mm512_castsi256_si512(numbers));
}

/* Weights of all cells of a section for two neighbours, before the section's own. */
static inline void weigh(const civid__neighbours_t *near, int32_t n, __m512i weight[QUARTERS],
                         int32_t turn[CIVID__TURN_WIDTH]) {
    const int16_t *place = civid__place, *turns = civid__turn;
    const __m512i row = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    const __m512i column = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
    /* a * b >> 10 = (32 a) * (2 b) >> 16, and 32 * 1024 still is a 16-bit number without sign */
    const __m256i along = _mm256_slli_epi16(both(place, near->along + n), 5);
    const __m512i across = paired(column, _mm256_slli_epi16(both(place, near->across + n), 1));
    for (int32_t q = 0; q < QUARTERS; q++)
        weight[q] = _mm512_mulhi_epu16(
            across, paired(_mm512_add_epi32(row, _mm512_set1_epi32(2 * q)), along));
    _mm256_storeu_si256((__m256i *)(void *)turn,
                        _mm512_castsi512_si256(paired(column, both(turns, near->turn + n))));
}

/* The full cells of three sections, whose twelve vectors of sums stay in registers. */
static int32_t three(__m512i weight[][QUARTERS], int32_t turn[][CIVID__TURN_WIDTH], int32_t pairs,
                     int32_t first, int32_t *full) {
    const __m512i threshold = _mm512_set1_epi32(CIVID__CELL_THRESHOLD);
    const __m512i cells = _mm512_setr_epi32(0, 6, 12, 18, 24, 30, 36, 42, 48, 54, 60, 66, 72, 78,
                                            84, 90); /* sixteen neighbouring ones of a section */
    __m512i sum[THREE][QUARTERS];
    for (int32_t k = 0; k < THREE; k++)
        for (int32_t q = 0; q < QUARTERS; q++) sum[k][q] = _mm512_setzero_si512();
    for (int32_t p = 0; p < pairs; p++)
        for (int32_t k = 0; k < THREE; k++) {
            const __m512i of_turn = _mm512_set1_epi32(turn[p][first + k]);
            for (int32_t q = 0; q < QUARTERS; q++)
                sum[k][q] = _mm512_dpwssd_epi32(sum[k][q], weight[p][q], of_turn);
        }
    int32_t count = 0;
    __m512i cell = _mm512_add_epi32(cells, _mm512_set1_epi32(first));
    for (int32_t k = 0; k < THREE; k++, cell = _mm512_add_epi32(cell, _mm512_set1_epi32(1)))
        for (int32_t q = 0; q < QUARTERS; q++)
            count += keep(full + count, _mm512_cmpgt_epi32_mask(sum[k][q], threshold),
                          _mm512_add_epi32(cell, _mm512_set1_epi32(96 * q)));
    return count;
}

int32_t civid__full_cells_avx512(const civid__points_t *points, int32_t i, int32_t *full) {
    civid__neighbours_t near;
    __m512i weight[PAIRS][QUARTERS];
    int32_t turn[PAIRS][CIVID__TURN_WIDTH];
    const int32_t neighbours = find(points, i, &near), pairs = (neighbours + 1) / 2;
    near.along[neighbours] = near.across[neighbours] = CIVID__PLACE_NONE;
    near.turn[neighbours] = 0;
    for (int32_t p = 0; p < pairs; p++) weigh(&near, 2 * p, weight[p], turn[p]);
    const int32_t count = three(weight, turn, pairs, 0, full);
    return count + three(weight, turn, pairs, THREE, full + count);
}

/* As in cylinder_portable.c. */
void civid__code_avx512(const int32_t *full, int32_t count, uint64_t code[CIVID__CODE_WORDS]) {
    __m512i all[VECTORS], high[VECTORS];
    const int16_t *row = civid__projection[CIVID__CELLS];
    for (int32_t v = 0; v < VECTORS; v++) {
        all[v] = _mm512_loadu_si512(row + 32 * v);
        high[v] = _mm512_srai_epi16(all[v], 8);
    }
    for (int32_t n = 0; n < count; n++) {
        row = civid__projection[full[n]];
        for (int32_t v = 0; v < VECTORS; v++) {
            const __m512i w = _mm512_loadu_si512(row + 32 * v);
            all[v] = _mm512_add_epi16(all[v], w);
            high[v] = _mm512_add_epi16(high[v], _mm512_srai_epi16(w, 8));
        }
    }
    const __m512i extra = _mm512_set1_epi16((short)(128 * (count + 1)));
    const __m512i zero = _mm512_setzero_si512();
    uint64_t low_bits[VECTORS], high_bits[VECTORS];
    for (int32_t v = 0; v < VECTORS; v++) {
        const __m512i low = _mm512_sub_epi16(_mm512_sub_epi16(all[v], extra),
                                             _mm512_slli_epi16(high[v], 8));
        low_bits[v] = _mm512_cmpgt_epi16_mask(low, zero);
        high_bits[v] = _mm512_cmpgt_epi16_mask(high[v], zero);
    }
    code[0] = low_bits[0] | low_bits[1] << 32, code[1] = low_bits[2] | low_bits[3] << 32;
    code[2] = high_bits[0] | high_bits[1] << 32, code[3] = high_bits[2] | high_bits[3] << 32;
}

CIVID_TARGET_END
#endif
