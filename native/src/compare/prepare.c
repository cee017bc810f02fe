/* prepare.c - minutiae to a prepared template. */
#include <math.h>
#include <string.h>

#include "civid.h"
#include "compare/cylinder.h"
#include "compare/prepared.h"
#include "compare/wave_table.h"

civid_status civid_prepared_size(int32_t count, uint64_t *size) {
    if (!size) return CIVID_E_NULL;
    if (count < 0 || count > CIVID_MAX_MINUTIAE) return CIVID_E_COUNT;
    *size = civid__prepared_bytes(count);
    return CIVID_OK;
}

uint64_t civid__prepared_hash(const civid__prepared_t *p) {
    const uint8_t *bytes = (const uint8_t *)p->support;
    const uint8_t *end = (const uint8_t *)p + p->size;
    uint64_t hash = 0xcbf29ce484222325u ^ p->count;
    for (; bytes < end; bytes += 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        hash = (hash ^ word) * 0x100000001b3u;
        hash ^= hash >> 29;
    }
    return hash;
}

/* Everything of a minutia in one number, most significant first: what they are sorted by. Equal
 * keys are equal minutiae, so their order cannot matter. */
static int16_t key_x(uint64_t key) { return (int16_t)((int32_t)(key >> 32 & 0xffff) - 32768); }
static int16_t key_y(uint64_t key) { return (int16_t)((int32_t)(key >> 48) - 32768); }

static civid_status key_of(const civid_minutia_t *m, uint64_t *key) {
    /* The comparisons are false for a NaN. */
    if (!(fabsf(m->x) <= CIVID__MAX_COORDINATE && fabsf(m->y) <= CIVID__MAX_COORDINATE &&
          fabsf(m->angle) <= CIVID__MAX_ANGLE))
        return CIVID_E_VALUE;
    if (m->kind > CIVID_KIND_BIFURCATION || m->quality > 100) return CIVID_E_VALUE;
    const int32_t x = (int32_t)floorf(m->x * CIVID__UNITS_PER_PX + 0.5f);
    const int32_t y = (int32_t)floorf(-m->y * CIVID__UNITS_PER_PX + 0.5f);
    const int32_t turn = (int32_t)floorf(m->angle * (CIVID__TURN / 6.28318530717959f) + 0.5f);
    *key = (uint64_t)(uint16_t)(y + 32768) << 48 | (uint64_t)(uint16_t)(x + 32768) << 32 |
           (uint64_t)(uint8_t)turn << 24 | (uint64_t)m->kind << 16 | (uint64_t)m->quality << 8;
    return CIVID_OK;
}

static void sort(uint64_t *key, uint8_t *index, int32_t count) {
    for (int32_t i = 1; i < count; i++) {
        const uint64_t k = key[i];
        const uint8_t which = index[i];
        int32_t j = i;
        for (; j > 0 && key[j - 1] > k; j--) key[j] = key[j - 1], index[j] = index[j - 1];
        key[j] = k, index[j] = which;
    }
}

static void write_support(civid__prepared_t *p, const int16_t *x, const int16_t *y) {
    for (int32_t d = 0; d < CIVID__SUPPORTS; d++) {
        const int32_t c = civid__cosine((uint8_t)(d * 16)), s = civid__sine((uint8_t)(d * 16));
        int32_t far = p->count ? INT32_MIN : 0;
        for (int32_t i = 0; i < p->count; i++) {
            const int32_t along = c * x[i] + s * y[i];
            if (along > far) far = along;
        }
        /* quarters of a px in Q14, to px */
        p->support[d] = (int16_t)(p->count ? (far + 32768) >> 16 : 0);
    }
}

civid_status civid_prepare(const civid_minutia_t *minutiae, int32_t count, void *prepared,
                           uint64_t size) {
    if (!prepared || (!minutiae && count > 0)) return CIVID_E_NULL;
    if (count < 0 || count > CIVID_MAX_MINUTIAE) return CIVID_E_COUNT;
    if (size < civid__prepared_bytes(count)) return CIVID_E_CAPACITY;
    if ((uintptr_t)prepared % 8) return CIVID_E_VALUE;

    uint64_t key[CIVID_MAX_MINUTIAE];
    uint8_t order[CIVID_MAX_MINUTIAE];
    for (int32_t i = 0; i < count; i++) {
        const civid_status status = key_of(&minutiae[i], &key[i]);
        if (status != CIVID_OK) return status;
        order[i] = (uint8_t)i;
    }
    sort(key, order, count);

    civid__prepared_t *p = prepared;
    memset(p, 0, civid__prepared_bytes(count));
    p->magic = CIVID__PREPARED_MAGIC;
    p->version = CIVID__PREPARED_VERSION;
    p->count = (uint16_t)count;
    p->size = civid__prepared_bytes(count);
    int16_t *x = (int16_t *)civid__xs(p), *y = (int16_t *)civid__ys(p);
    uint8_t *angle = (uint8_t *)civid__angles(p), *kind = (uint8_t *)civid__kinds(p);
    uint8_t *quality = (uint8_t *)civid__qualities(p), *index = (uint8_t *)civid__indices(p);
    for (int32_t i = 0; i < count; i++) {
        x[i] = key_x(key[i]);
        y[i] = key_y(key[i]);
        angle[i] = (uint8_t)(key[i] >> 24);
        kind[i] = (uint8_t)(key[i] >> 16);
        quality[i] = (uint8_t)(key[i] >> 8);
        index[i] = order[i];
    }
    const civid__points_t points = {count, x, y, angle};
    uint64_t *codes = (uint64_t *)civid__codes(p);
    for (int32_t i = 0; i < count; i++) {
        int32_t cells[CIVID__CELLS];
        uint64_t code[CIVID__CODE_WORDS];
        civid__cylinder(&points, i, cells);
        civid__code(cells, code);
        uint64_t *block = codes + i / CIVID__BLOCK * CIVID__BLOCK * CIVID__CODE_WORDS;
        for (int32_t w = 0; w < CIVID__CODE_WORDS; w++)
            block[w * CIVID__BLOCK + i % CIVID__BLOCK] = code[w];
    }
    write_support(p, x, y);
    p->hash = civid__prepared_hash(p);
    return CIVID_OK;
}
