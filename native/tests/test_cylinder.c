/* Cylinders and codes against a slow reading of their definition, for every instruction set. */
#include "compare/descriptor/cylinder.h"

#include <math.h>

#include "kernels.h"
#include "tables/shared.h"
#include "tables/wave_table.h"
#include "templates.h"

static const int32_t sets[] = {0, 1, 2, 7, 8, 9, 15, 16, 17, 40, 64, 100, 254, 255};
enum { SETS = sizeof sets / sizeof *sets };

/* Columns of exactly their size, so that a sanitizer sees the first byte behind them. */
typedef struct {
    civid__points_t points;
    int16_t *x, *y;
    uint8_t *angle;
} columns_t;

static columns_t make(uint64_t seed, int32_t count, int32_t side) {
    columns_t c = {.x = malloc((size_t)count * 2 + 1),
                   .y = malloc((size_t)count * 2 + 1),
                   .angle = malloc((size_t)count + 1)};
    if (!c.x || !c.y || !c.angle) abort();
    for (int32_t i = 0; i < count; i++) {
        c.x[i] = (int16_t)(civid__below(&seed, 2 * side + 1) - side);
        c.y[i] = (int16_t)(civid__below(&seed, 2 * side + 1) - side);
        c.angle[i] = (uint8_t)civid__random(&seed);
    }
    c.points = (civid__points_t){count, c.x, c.y, c.angle};
    return c;
}

static void drop(columns_t c) { free(c.x), free(c.y), free(c.angle); }

static int32_t gauss(double distance, double sigma) {
    return (int32_t)floor(1024 * exp(-distance * distance / (2 * sigma * sigma)) + 0.5);
}

static int32_t in_place(int32_t d) { return abs(d) < 146 ? gauss(d / 4.0, 28 / 3.0) : 0; }

static int32_t in_turn(int32_t turn, int32_t k) {
    const double pi = 3.14159265358979323846;
    int32_t d = abs(3 * turn - (64 + 128 * k) + 384) % 768;
    if (d > 384) d = 768 - d;
    return gauss(d * 2 * pi / 768, 2 * pi / 9);
}

/* One cell at a time. */
static void slow_cells(const civid__points_t *p, int32_t i, int64_t cells[CIVID__CELLS]) {
    const int64_t c = civid__cosine(p->angle[i]), s = civid__sine(p->angle[i]);
    memset(cells, 0, CIVID__CELLS * sizeof *cells);
    for (int32_t j = 0; j < p->count; j++) {
        const int64_t dx = p->x[j] - p->x[i], dy = p->y[j] - p->y[i];
        if (j == i || dx * dx + dy * dy > 392 * 392) continue;
        const int32_t u = (int32_t)((c * dx + s * dy + 8192) >> 14);
        const int32_t v = (int32_t)((c * dy - s * dx + 8192) >> 14);
        int32_t along[8], across[8], turn[6];
        for (int32_t k = 0; k < 8; k++) {
            along[k] = in_place(u - (70 * k - 245));
            across[k] = in_place(v - (70 * k - 245));
            if (k < 6) turn[k] = in_turn((uint8_t)(p->angle[i] - p->angle[j]), k);
        }
        for (int32_t m = 0; m < CIVID__CELLS; m++)
            cells[m] += (int64_t)(along[m / 48] * across[m / 6 % 8] >> 10) * turn[m % 6];
    }
}

static void check_cells(const civid__points_t *points, int32_t i) {
    int64_t cells[CIVID__CELLS];
    int32_t full[CIVID__FULL_ROOM];
    uint8_t found[CIVID__CELLS] = {0};
    slow_cells(points, i, cells);
    const int32_t count = civid__kernels()->full_cells(points, i, full);
    CHECK(count >= 0 && count <= CIVID__CELLS);
    for (int32_t n = 0; n < count; n++) {
        CHECK(full[n] >= 0 && full[n] < CIVID__CELLS);
        CHECK_INT(found[full[n]]++, 0);
    }
    for (int32_t m = 0; m < CIVID__CELLS; m++)
        CHECK_INT(found[m], cells[m] > CIVID__CELL_THRESHOLD);
}

static void full_cells_are_those_of_the_definition(void) {
    static const int32_t sides[] = {600, 250, 4, 0, 16384}; /* a print, a crowd, one place, far */
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        for (int32_t k = 0; k < SETS; k++)
            for (int32_t s = 0; s < 5; s++) {
                const columns_t c = make((uint64_t)(k * 7 + s), sets[k], sides[s]);
                const int32_t step = sets[k] / 12 + 1; /* the definition is slow */
                for (int32_t i = 0; i < sets[k]; i += step)
                    check_cells(&c.points, i);
                drop(c);
            }
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

/* Two minutiae at every distance and direction around the reach, and at the ends of the numbers. */
static void neighbours_are_counted_up_to_the_reach(void) {
    static const int16_t ends[] = {-16384, -16383, -392, 0, 393, 16384};
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        for (int32_t turn = 0; turn < 256; turn += 5)
            for (int32_t d = 380; d < 396; d += 3) {
                columns_t c = make(1, 9, 0);
                for (int32_t j = 0; j < 9; j++) {
                    c.angle[j] = (uint8_t)(turn * (j % 2));
                    c.x[j] = (int16_t)(d * civid__cosine((uint8_t)(29 * j + turn)) / 16384);
                    c.y[j] = (int16_t)(d * civid__sine((uint8_t)(29 * j + turn)) / 16384);
                }
                c.x[0] = c.y[0] = 0;
                check_cells(&c.points, 0);
                drop(c);
            }
        columns_t c = make(2, 36, 0);
        for (int32_t j = 0; j < 36; j++) c.x[j] = ends[j % 6], c.y[j] = ends[j / 6];
        for (int32_t i = 0; i < 36; i++) check_cells(&c.points, i);
        drop(c);
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

static int32_t weight(int32_t row, int32_t bit) {
    const int16_t word = civid__projection[row][bit % 128];
    const int32_t low = (word & 255) - 128;
    return bit < 128 ? low : (word - 128 - low) / 256;
}

/* Words are added without looking for overflow: no sum of any rows may leave 16 bits. */
static void no_sum_of_rows_leaves_its_word(void) {
    for (int32_t bit = 0; bit < CIVID__CODE_BITS; bit++) {
        int32_t least = weight(CIVID__CELLS, bit), most = least;
        for (int32_t row = 0; row < CIVID__CELLS; row++) {
            const int32_t w = weight(row, bit);
            CHECK(w >= -127 && w <= 127);
            if (w < 0) least += w; else most += w;
        }
        CHECK(least >= INT16_MIN && most <= INT16_MAX);
    }
}

static void check_code(const int32_t *full, int32_t count) {
    uint64_t code[CIVID__CODE_WORDS];
    civid__kernels()->code(full, count, code);
    for (int32_t bit = 0; bit < CIVID__CODE_BITS; bit++) {
        int32_t sum = weight(CIVID__CELLS, bit);
        for (int32_t n = 0; n < count; n++) sum += weight(full[n], bit);
        CHECK_INT(code[bit / 64] >> bit % 64 & 1, sum > 0);
    }
}

static void codes_are_the_signs_of_the_sums(void) {
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        uint64_t state = 3;
        for (int32_t trial = 0; trial < 300; trial++) {
            int32_t full[CIVID__CELLS], count = 0;
            const int32_t share = trial < 20 ? trial * 20 : civid__below(&state, 200);
            for (int32_t m = 0; m < CIVID__CELLS; m++)
                if (civid__below(&state, 380) < share) full[count++] = m;
            check_code(full, count);
        }
    }
    CHECK_INT(civid_cpu_force(-1), CIVID_OK);
}

int main(void) {
    RUN(full_cells_are_those_of_the_definition);
    RUN(neighbours_are_counted_up_to_the_reach);
    RUN(no_sum_of_rows_leaves_its_word);
    RUN(codes_are_the_signs_of_the_sums);
    return DONE();
}
