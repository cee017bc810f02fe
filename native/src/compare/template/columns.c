/* columns.c - minutiae to integers, in an order that does not depend on the caller's. */
#include "compare/template/columns.h"

#include <math.h>

#include "compare/compare_params.h"

/* Of numbers that an int32_t holds; floorf may be a call. */
static int32_t floor_of(float v) {
    const int32_t whole = (int32_t)v;
    return whole - (v < (float)whole);
}

static civid_status key_of(const civid_minutia_t *m, int32_t index, uint64_t *key) {
    /* The comparisons are false for a NaN. */
    if (!(fabsf(m->x) <= CIVID__MAX_COORDINATE && fabsf(m->y) <= CIVID__MAX_COORDINATE &&
          fabsf(m->angle) <= CIVID__MAX_ANGLE))
        return CIVID_E_VALUE;
    if (m->kind > CIVID_KIND_BIFURCATION || m->quality > 100) return CIVID_E_VALUE;
    const int32_t x = floor_of(m->x * CIVID__UNITS_PER_PX + 0.5f);
    const int32_t y = floor_of(-m->y * CIVID__UNITS_PER_PX + 0.5f);
    const int32_t turn = floor_of(m->angle * (CIVID__TURN / 6.28318530717959f) + 0.5f);
    *key = civid__key(x, y, (uint8_t)turn, m->kind, m->quality, (uint8_t)index);
    return CIVID_OK;
}

/* By halves and merging: 255 minutiae may come in any order, and their number of comparisons
 * shall not depend on it much. */
static void sort(uint64_t *key, int32_t count) {
    enum { RUN = 8 };
    for (int32_t start = 0; start < count; start += RUN) {
        const int32_t stop = start + RUN < count ? start + RUN : count;
        for (int32_t i = start + 1; i < stop; i++) {
            const uint64_t k = key[i];
            int32_t j = i;
            for (; j > start && key[j - 1] > k; j--) key[j] = key[j - 1];
            key[j] = k;
        }
    }
    uint64_t left[CIVID_MAX_MINUTIAE];
    for (int32_t run = RUN; run < count; run *= 2)
        for (int32_t start = 0; start + run < count; start += 2 * run) {
            const int32_t stop = start + 2 * run < count ? start + 2 * run : count;
            for (int32_t i = 0; i < run; i++) left[i] = key[start + i];
            int32_t a = 0, b = start + run, to = start;
            while (a < run && b < stop) {
                const int32_t first = left[a] < key[b];
                key[to++] = first ? left[a] : key[b];
                a += first, b += !first;
            }
            while (a < run) key[to++] = left[a++];
        }
}

civid_status civid__sorted_keys(const civid_minutia_t *minutiae, int32_t count,
                                uint64_t key[CIVID_MAX_MINUTIAE]) {
    for (int32_t i = 0; i < count; i++) {
        const civid_status status = key_of(&minutiae[i], i, &key[i]);
        if (status != CIVID_OK) return status;
    }
    sort(key, count);
    return CIVID_OK;
}

void civid__write_columns(const uint64_t *key, int32_t count, const civid__columns_t *columns) {
    for (int32_t i = 0; i < count; i++) {
        columns->x[i] = (int16_t)((int32_t)(key[i] >> 32 & 0xffff) - 32768);
        columns->y[i] = (int16_t)((int32_t)(key[i] >> 48) - 32768);
        columns->angle[i] = (uint8_t)(key[i] >> 24);
        columns->kind[i] = (uint8_t)(key[i] >> 16);
        columns->quality[i] = (uint8_t)(key[i] >> 8);
        columns->index[i] = (uint8_t)key[i];
    }
}
