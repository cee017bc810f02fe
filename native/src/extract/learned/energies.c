/* energies.c - log-Gabor filters (Field 1987) of one side of the spectrum: their answers are amplitudes.
 *
 * A filter's band is small: as a spectrum of its own, of a fourth or an eighth of the sides, it comes
 * back as the same amplitudes, every fourth or eighth pixel. That the band does not lie around 0 in
 * it changes phases alone. */
#include "extract/learned/energies.h"

#include <string.h>

#include "extract/learned/fourier.h"
#include "kernels.h"

#define NARROW 19.42f   /* of directions: exp(NARROW (cos - 1)), as a Gaussian of 13 degrees */
#define WIDE (-3.3618f) /* -1 / (2 log(0.68)^2), of periods: an octave and a half */

static const struct {
    float period;  /* px */
    int32_t apart; /* px between the answers that are looked at */
} bands[BANK_PERIODS] = {{5.0f, 4}, {7.0f, 4}, {9.9f, 8}, {14.0f, 8}};

enum { FIRST = 2 }; /* px from the corner of a block to where it is looked at first */

typedef struct {
    int32_t rows, columns;
} sides_t;

static sides_t sides_of(int32_t blocks_x, int32_t blocks_y) {
    return (sides_t){civid__fourier_side(blocks_y * CIVID__BLOCK_PX),
                     civid__fourier_side(blocks_x * CIVID__BLOCK_PX)};
}

uint64_t civid__energies_work(int32_t blocks_x, int32_t blocks_y) {
    const sides_t s = sides_of(blocks_x, blocks_y);
    return 4 * (uint64_t)s.rows * (uint64_t)s.columns + 4 * (uint64_t)(s.rows + s.columns);
}

/* The picture, FIRST px to the left and upwards, so that answers are those of the middle of blocks. */
static void lay(const civid__frame_t *f, sides_t s, float *re) {
    for (int32_t y = 0; y < f->height; y++) {
        const int16_t *from = f->normal.origin + (int64_t)y * f->normal.stride;
        float *to = re + (int64_t)((y + s.rows - FIRST) % s.rows) * s.columns;
        for (int32_t x = 0; x < FIRST; x++) to[s.columns - FIRST + x] = from[x];
        for (int32_t x = FIRST; x < f->width; x++) to[x - FIRST] = from[x];
    }
}

/* What one filter lets through of a spectrum, which is turned: [x][y]. */
static void pass(sides_t s, sides_t less, int32_t band, int32_t direction, const float *re,
                 const float *im, float *gains, float *out_re, float *out_im) {
    civid__filter_t filter = {.period = bands[band].period, .wide = WIDE, .narrow = NARROW};
    civid__sincos(CIVID_PI * (0.5f + (float)direction / BANK_DIRECTIONS), &filter.sine,
                  &filter.cosine);
    const float middle_x = filter.cosine / filter.period * (float)s.columns;
    const float middle_y = -filter.sine / filter.period * (float)s.rows;
    const int32_t x0 = (int32_t)floorf(middle_x + 0.5f) - less.columns / 2;
    const int32_t y0 = (int32_t)floorf(middle_y + 0.5f) - less.rows / 2;
    const int32_t first = (y0 + s.rows) % s.rows;
    const int32_t whole = first + less.rows <= s.rows ? less.rows : s.rows - first;
    filter.step = -1.0f / (float)s.rows;
    filter.y0 = (float)y0 * filter.step;
    for (int32_t u = 0; u < less.columns; u++) {
        filter.x = (float)(x0 + u) / (float)s.columns;
        civid__kernels()->gains(&filter, less.rows, gains);
        const int64_t from = (int64_t)((x0 + u + s.columns) % s.columns) * s.rows;
        const int64_t to = (int64_t)u * less.rows;
        for (int32_t v = 0; v < less.rows; v++) {
            const int64_t at = from + (v < whole ? first + v : v - whole);
            out_re[to + v] = gains[v] * re[at], out_im[to + v] = gains[v] * im[at];
        }
    }
}

/* Mean amplitude of each block, from a plane of answers. */
static void look(const civid__frame_t *f, int32_t columns, int32_t apart, float scale,
                 const float *re, const float *im, float *out) {
    const int32_t each = CIVID__BLOCK_PX / apart;
    for (int32_t by = 0; by < f->blocks_y; by++)
        for (int32_t bx = 0; bx < f->blocks_x; bx++) {
            float sum = 0;
            for (int32_t j = 0; j < each * each; j++) {
                const int64_t at = (int64_t)(by * each + j / each) * columns + bx * each + j % each;
                sum += sqrtf(re[at] * re[at] + im[at] * im[at]);
            }
            out[by * f->blocks_x + bx] = sum * scale / (float)(each * each);
        }
}

void civid__energies(const civid__frame_t *f, float *work, float *out) {
    const sides_t s = sides_of(f->blocks_x, f->blocks_y);
    const int64_t whole = (int64_t)s.rows * s.columns;
    float *re = work, *im = re + whole, *room = im + whole, *turns = room + 2 * whole;
    memset(re, 0, (size_t)(2 * whole) * sizeof *re);
    lay(f, s, re);
    civid__fourier_plane(civid__fourier_turns(s.rows, turns),
                         civid__fourier_turns(s.columns, turns + 2 * s.rows), re, im, room);

    for (int32_t band = 0; band < BANK_PERIODS; band++) {
        const int32_t apart = bands[band].apart;
        const sides_t less = {s.rows / apart, s.columns / apart};
        const int64_t size = (int64_t)less.rows * less.columns;
        float *answer_re = room, *answer_im = room + size, *rest = room + 2 * size;
        const civid__turns_t less_right = civid__fourier_turns(less.columns, turns);
        const civid__turns_t less_down = civid__fourier_turns(less.rows, turns + 2 * less.columns);
        float *gains = turns + 2 * (less.columns + less.rows);
        for (int32_t k = 0; k < BANK_DIRECTIONS; k++) {
            pass(s, less, band, k, re, im, gains, answer_re, answer_im);
            civid__fourier_plane(less_right, less_down, answer_im, answer_re, rest);
            look(f, less.columns, apart, 1.0f / (float)whole, answer_re, answer_im,
                 out + (int64_t)(band * BANK_DIRECTIONS + k) * f->blocks);
        }
    }
}
