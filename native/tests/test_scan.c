/* Scan codes and both stages against slow readings of their definitions, for every twin. */
#include "search/scan/scan.h"

#include <math.h>

#include "compare/template/packed.h"
#include "tables/wave_table.h"
#include "compiler.h"
#include "kernels.h"
#include "tables/shared.h"
#include "templates.h"

static const int32_t sizes[] = {0, 1, 7, 8, 9, 47, 48, 49, 63, 64, 65, 96, 97, 255};
enum { SIZES = sizeof sizes / sizeof *sizes };

/* Words of exactly their size, so that a sanitizer sees the first one behind them. */
typedef enum { RANDOM, ZEROS, ONES, FEW } look_t;
static civid__codes_t make(uint64_t seed, int32_t count, look_t look) {
    uint64_t *first = malloc((size_t)count * 8), *second = malloc((size_t)count * 8);
    if ((!first || !second) && count) abort();
    const uint64_t stem = 0x0123456789abcdefu;
    for (int32_t i = 0; i < count; i++) {
        const uint64_t a = civid__random(&seed), b = civid__random(&seed);
        first[i] = look == RANDOM ? a : look == ZEROS ? 0 : look == ONES ? ~(uint64_t)0 : 0;
        second[i] = look == RANDOM ? b : look == ONES ? ~(uint64_t)0 : 0;
        if (look == FEW) { /* near each other, with many ties */
            first[i] = stem ^ (a & a >> 7 & b & b >> 9 & a >> 20);
            second[i] = stem ^ (b & b >> 5 & a & a >> 11);
        }
    }
    return (civid__codes_t){count, first, second};
}
static void drop(civid__codes_t c) { free((void *)c.first), free((void *)c.second); }

static int32_t differing(uint64_t a, uint64_t b) {
    int32_t count = 0;
    for (int32_t k = 0; k < 64; k++) count += (a >> k & 1) != (b >> k & 1);
    return count;
}

static int32_t slow_scan(const civid__codes_t *p, const civid__codes_t *r) {
    int32_t sum = 0;
    for (int32_t i = 0; i < p->count; i++) {
        int32_t best = 0;
        for (int32_t j = 0; j < r->count; j++) {
            const int32_t gain = 20 - differing(p->first[i], r->first[j]);
            if (gain > best) best = gain;
        }
        sum += best;
    }
    return sum;
}

static uint16_t slow_partner(const civid__codes_t *p, int32_t i, const civid__codes_t *r) {
    int32_t least = 255, which = 255; /* nobody: 0xffff */
    for (int32_t j = 0; j < r->count; j++) {
        const int32_t bits =
            differing(p->first[i], r->first[j]) + differing(p->second[i], r->second[j]);
        if (bits < least) least = bits, which = j;
    }
    return (uint16_t)(least << 8 | which);
}

static const civid__kernels_t *twin(int32_t isa) {
    if (!civid_cpu_available(isa)) return NULL;
    CHECK_INT(civid_cpu_force(isa), CIVID_OK);
    return civid__kernels();
}

static void every_twin_measures_what_is_defined(void) {
    for (int32_t a = 0; a < SIZES; a++)
        for (int32_t b = 0; b < SIZES; b++)
            for (int32_t kind = 0; kind < 4; kind++) {
                const look_t mine = (look_t)kind, theirs = kind == ONES ? ZEROS : (look_t)kind;
                if (kind && (a + b) % 2) continue;
                const civid__codes_t p = make((uint64_t)(a * 99 + b), sizes[a], mine);
                const civid__codes_t r = make((uint64_t)(b * 77 + a + 1), sizes[b], theirs);
                const int32_t wanted = slow_scan(&p, &r);
                uint16_t partner[CIVID__PARTNERS_ROOM];
                for (int32_t i = 0; i < p.count; i++) partner[i] = slow_partner(&p, i, &r);
                for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
                    const civid__kernels_t *kernels = twin(isa);
                    if (!kernels) continue;
                    uint16_t *got = civid__memory(CIVID__PARTNERS_ROOM * sizeof *got);
                    memset(got, 0xa5, CIVID__PARTNERS_ROOM * sizeof *got);
                    CHECK_INT(kernels->scan(&p, &r), wanted);
                    kernels->partners(&p, &r, got);
                    for (int32_t i = 0; i < p.count; i++) CHECK_INT(got[i], partner[i]);
                    free(got);
                }
                drop(p), drop(r);
            }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

/* ---- codes ------------------------------------------------------------------------------- */

/* Of bit b of both words, as the table holds it: with CIVID__SCAN_EXTRA more, in a byte. */
static int32_t weight_of(int32_t row, int32_t b) {
    const int32_t word = civid__scan_projection[row][b % 64];
    return (b < 64 ? word & 255 : word >> 8) - CIVID__SCAN_EXTRA;
}

/* Two rows in a byte, any number of them in 16 bits, and as a difference in 15 and a sign. */
static void no_sum_of_rows_leaves_its_bits(void) {
    for (int32_t b = 0; b < 128; b++)
        for (int32_t row = 0; row <= CIVID__CELLS; row++) {
            const int32_t weight = weight_of(row, b);
            CHECK(weight > -CIVID__SCAN_EXTRA && weight < CIVID__SCAN_EXTRA);
            if (b >= 56 && b < 64) CHECK_INT(weight, 0); /* the direction's */
        }
    CHECK(2 * (2 * CIVID__SCAN_EXTRA - 1) <= UINT8_MAX);
    CHECK((2 * CIVID__SCAN_EXTRA - 1) * (CIVID__CELLS + 1) <= UINT16_MAX);
    CHECK(CIVID__SCAN_EXTRA * (CIVID__CELLS + 1) <= INT16_MAX);
}

static void every_twin_sums_rows(void) {
    uint64_t state = 5;
    for (int32_t round = 0; round < 200; round++) {
        int32_t full[CIVID__CELLS], count = 0, sum[128];
        const int32_t share = civid__below(&state, 9); /* of 8: none to all */
        for (int32_t m = 0; m < CIVID__CELLS; m++)
            if (civid__below(&state, 8) < share) full[count++] = m;
        uint64_t wanted[2] = {0};
        for (int32_t b = 0; b < 128; b++) {
            sum[b] = weight_of(CIVID__CELLS, b);
            for (int32_t n = 0; n < count; n++) sum[b] += weight_of(full[n], b);
            wanted[b / 64] |= (uint64_t)(sum[b] > 0) << b % 64;
        }
        for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
            const civid__kernels_t *kernels = twin(isa);
            if (!kernels) continue;
            uint64_t got[2] = {1, 2};
            kernels->scan_code(full, count, got);
            CHECK(got[0] == wanted[0] && got[1] == wanted[1]);
        }
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

typedef struct {
    void *data;
    uint64_t size;
    int32_t count;
} packed_t;

static packed_t pack(uint64_t seed, int32_t count) {
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    packed_t p = {NULL, 0, count};
    civid__minutiae(seed, count, minutiae);
    CHECK_INT(civid_packed_size(count, &p.size), CIVID_OK);
    p.data = malloc(p.size);
    if (!p.data) abort();
    CHECK_INT(civid_pack(minutiae, count, 0, p.data, p.size), CIVID_OK);
    return p;
}

static void every_twin_makes_the_same_codes(void) {
    for (uint64_t seed = 0; seed < 60; seed++) {
        const packed_t p = pack(seed, civid__count(seed));
        const size_t bytes = (size_t)p.count * 8;
        uint64_t *wanted = NULL;
        for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
            if (!twin(isa)) continue;
            uint64_t *first = malloc(bytes), *second = malloc(bytes);
            CHECK_INT(civid_scan_codes(p.data, p.size, first, second), CIVID_OK);
            if (!wanted) wanted = malloc(2 * bytes + 1), memcpy(wanted, first, bytes),
                         memcpy(wanted + p.count, second, bytes);
            CHECK(bytes == 0 || memcmp(first, wanted, bytes) == 0);
            CHECK(bytes == 0 || memcmp(second, wanted + p.count, bytes) == 0);
            free(first), free(second);
        }
        free(wanted), free(p.data);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

/* The last byte of the first word: as many bits differ as sixteenths of a turn lie between. */
static void directions_lie_on_a_circle(void) {
    uint8_t code[16];
    for (int32_t k = 0; k < 256; k++) {
        const civid_minutia_t m = {100, 100, (float)k * (6.2831853f / 256), 1, 50, 0};
        CIVID_ALIGNED(8) uint8_t packed[16];
        uint64_t first, second;
        CHECK_INT(civid_pack(&m, 1, 0, packed, sizeof packed), CIVID_OK);
        CHECK_INT(civid_scan_codes(packed, sizeof packed, &first, &second), CIVID_OK);
        const int32_t angle = *civid__packed_points((const civid__packed_t *)packed).angle;
        if (angle % 16 == 0) code[angle / 16] = (uint8_t)(first >> 56);
    }
    for (int32_t a = 0; a < 16; a++)
        for (int32_t b = 0; b < 16; b++) {
            const int32_t apart = abs(a - b);
            CHECK_INT(differing(code[a], code[b]), apart < 8 ? apart : 16 - apart);
        }
}

static void templates_that_lie_have_no_codes(void) {
    enum { COUNT = 40 };
    const packed_t p = pack(3, COUNT);
    uint64_t first[COUNT], second[COUNT];
    uint8_t *bytes = p.data;
    CHECK_INT(civid_scan_codes(p.data, p.size, first, second), CIVID_OK);
    CHECK_INT(civid_scan_codes(p.data, p.size, NULL, second), CIVID_E_NULL);
    CHECK_INT(civid_scan_codes(p.data, p.size, first, NULL), CIVID_E_NULL);
    CHECK_INT(civid_scan_codes(NULL, p.size, first, second), CIVID_E_NULL);
    CHECK_INT(civid_scan_codes(bytes + 1, p.size - 8, first, second), CIVID_E_CORRUPT);
    for (uint64_t size = 0; size < p.size; size++)
        CHECK_INT(civid_scan_codes(p.data, size, first, second), CIVID_E_CORRUPT);
    for (uint64_t k = 0; k < p.size; k++) {
        bytes[k] ^= 0x80;
        CHECK_INT(civid_scan_codes(p.data, p.size, first, second), CIVID_E_CORRUPT);
        bytes[k] ^= 0x80;
    }
    /* So far apart that the squares of differences wrap: the cylinder must never see them. */
    civid__packed_t *h = p.data;
    const civid__columns_t c = civid__packed_columns(h);
    for (int32_t i = 0; i < COUNT; i++) {
        c.x[i] = i % 2 ? INT16_MIN : INT16_MAX, c.y[i] = (int16_t)(362 * (i % 2));
    }
    h->check = civid__packed_hash(h);
    CHECK_INT(civid_scan_codes(p.data, p.size, first, second), CIVID_E_CORRUPT);
    free(p.data);
    const packed_t none = pack(0, 0);
    CHECK_INT(civid_scan_codes(none.data, none.size, NULL, NULL), CIVID_OK);
    free(none.data);
}

/* ---- agreement and scales ---------------------------------------------------------------- */

static int32_t between(int32_t value, int32_t low, int32_t high) {
    return value >= low && value <= high;
}

/* All of it with every rotation and every centre tried. */
static int32_t slow_agreement(const civid__points_t *p, const civid__points_t *r,
                              const uint16_t *partner) {
    int32_t best_step = -1, most = -1, total = 0, moment = 0, best = 0;
    int32_t weight[256], turn[256], x[256], y[256];
    for (int32_t i = 0; i < p->count; i++) {
        const int32_t bits = partner[i] / 256, j = partner[i] % 256;
        weight[i] = bits < 44 ? 44 - bits : 0;
        turn[i] = weight[i] ? (r->angle[j] - p->angle[i] + 256) % 256 : 0;
    }
    for (int32_t step = 0; step < 32; step++) {
        int32_t sum = 0;
        for (int32_t i = 0; i < p->count; i++) {
            const int32_t off = (turn[i] / 8 - step + 48) % 32 - 16;
            sum += between(off, -2, 2) ? weight[i] : 0;
        }
        if (sum > most) most = sum, best_step = step;
    }
    for (int32_t i = 0; i < p->count; i++) {
        const int32_t off = (turn[i] - best_step * 8 - 4 + 384) % 256 - 128;
        if (!between((turn[i] / 8 - best_step + 48) % 32 - 16, -2, 2)) weight[i] = 0;
        total += weight[i], moment += weight[i] * off;
    }
    if (total == 0) return 0;
    const uint8_t angle = (uint8_t)(best_step * 8 + 4 + moment / total);
    const int64_t c = civid__cosine(angle), s = civid__sine(angle);
    for (int32_t i = 0; i < p->count; i++) {
        if (weight[i] == 0) continue;
        const int32_t j = partner[i] % 256;
        x[i] = r->x[j] - (int32_t)floor((double)(c * p->x[i] - s * p->y[i]) / 16384);
        y[i] = r->y[j] - (int32_t)floor((double)(s * p->x[i] + c * p->y[i]) / 16384);
    }
    for (int32_t i = 0; i < p->count; i++) {
        int32_t sum = 0;
        for (int32_t k = 0; k < p->count && weight[i]; k++)
            if (weight[k] && between(x[k] - x[i], -95, 95) && between(y[k] - y[i], -95, 95))
                sum += weight[k];
        if (sum > best) best = sum;
    }
    return best;
}

static void agreement_is_what_is_defined(void) {
    uint64_t state = 11;
    for (uint64_t seed = 0; seed < 120; seed++) {
        const packed_t a = pack(seed, civid__count(seed)), b = pack(seed / 2, civid__count(seed / 2));
        const civid__points_t p = civid__packed_points(a.data), r = civid__packed_points(b.data);
        uint16_t partner[CIVID__PARTNERS_ROOM];
        for (int32_t i = 0; i < p.count; i++) {
            const int32_t bits = civid__below(&state, 60);
            partner[i] = r.count == 0 ? CIVID__PARTNER_NONE
                                      : (uint16_t)(bits << 8 | civid__below(&state, r.count));
        }
        const int32_t got = civid__agreement(&p, &r, partner);
        CHECK_INT(got, slow_agreement(&p, &r, partner));
        /* with itself, every minutia its own partner: all agree */
        for (int32_t i = 0; i < p.count; i++) partner[i] = (uint16_t)i;
        CHECK_INT(civid__agreement(&p, &p, partner), CIVID__AGREE_NEAR * p.count);
        free(a.data), free(b.data);
    }
}

static void scales_are_finite_and_rise(void) {
    for (int32_t n = 1; n <= 255; n++)
        for (int32_t m = 1; m <= 255; m++) {
            const int32_t scan = CIVID__SCAN_NEAR * n, agree = CIVID__AGREE_NEAR * n;
            const float low = civid__scan_scale(0, n, m), high = civid__scan_scale(scan, n, m);
            CHECK(isfinite(low) && isfinite(high) && low < high);
            const float none = civid__agreement_scale(0, n, m);
            const float all = civid__agreement_scale(agree, n, m);
            CHECK(isfinite(none) && isfinite(all) && none < all);
        }
}

int main(void) {
    RUN(every_twin_measures_what_is_defined);
    RUN(no_sum_of_rows_leaves_its_bits);
    RUN(every_twin_sums_rows);
    RUN(every_twin_makes_the_same_codes);
    RUN(directions_lie_on_a_circle);
    RUN(templates_that_lie_have_no_codes);
    RUN(agreement_is_what_is_defined);
    RUN(scales_are_finite_and_rise);
    return DONE();
}
