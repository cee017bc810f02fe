/* together.c - lists gone through once for the minutiae of several probes. Whose turn it is
 * changes with every list, so what is found is kept by the minutia that asks, and added up later. */
#include "search/inverted/together/together.h"

#include <stddef.h>
#include <string.h>

#include "kernels.h"
#include "search/inverted/inverted_stretches.h"

/* A minutia that asks. */
typedef struct {
    uint64_t code, detail;
    civid__finds_t *finds;
} ask_t;

/* Askers of centre c: ask[by_centre[start[c]]] ... ask[by_centre[start[c + 1] - 1]]. */
typedef struct {
    ask_t *ask;
    uint32_t *start;
    uint16_t *by_centre;
} tables_t;

uint64_t civid__together_tables(uint64_t minutiae, int32_t cells) {
    return minutiae * (sizeof(ask_t) + (uint64_t)cells * sizeof(uint16_t)) +
           (CIVID__INVERTED + 1) * sizeof(uint32_t);
}

static uint32_t centre_of(const uint16_t *row, int32_t cell) {
    return row[1 + cell] % CIVID__INVERTED;
}

static tables_t sort_by_centre(const civid__asker_t *asker, int64_t count, int32_t cells,
                               void *memory) {
    tables_t t = {.ask = memory};
    uint32_t asks = 0;
    for (int64_t a = 0; a < count; a++) asks += (uint32_t)asker[a].asked->count;
    t.start = (uint32_t *)(void *)(t.ask + asks);
    t.by_centre = (uint16_t *)(void *)(t.start + CIVID__INVERTED + 1);
    memset(t.start, 0, (CIVID__INVERTED + 1) * sizeof *t.start);
    asks = 0;
    for (int64_t a = 0; a < count; a++) {
        const uint16_t *row = asker[a].asked->row;
        for (int32_t k = 0; k < asker[a].asked->count; k++, row += 1 + cells) {
            t.ask[asks++] = (ask_t){asker[a].probe->first[row[0]], asker[a].probe->second[row[0]],
                                    &asker[a].finds[k]};
            for (int32_t c = 0; c < cells; c++) t.start[centre_of(row, c) + 1]++;
        }
    }
    for (int32_t c = 0; c < CIVID__INVERTED; c++) t.start[c + 1] += t.start[c];
    /* Backwards, each from its end: what was the end of a centre becomes its beginning. */
    for (int64_t a = count - 1; a >= 0; a--)
        for (int32_t k = asker[a].asked->count - 1; k >= 0; k--) {
            const uint16_t *row = asker[a].asked->row + (ptrdiff_t)k * (1 + cells);
            asks--;
            for (int32_t c = 0; c < cells; c++)
                t.by_centre[--t.start[centre_of(row, c) + 1]] = (uint16_t)asks;
        }
    memmove(t.start, t.start + 1, CIVID__INVERTED * sizeof *t.start);
    t.start[CIVID__INVERTED] = 0;
    for (int64_t a = 0; a < count; a++)
        t.start[CIVID__INVERTED] += (uint32_t)(asker[a].asked->count * cells);
    return t;
}

/* One more chunk behind the others; 0: there is none left. */
static int lengthen(civid__finds_t *finds, civid__chunks_t *chunks) {
    if (chunks->used == chunks->room) return 0;
    const uint32_t more = chunks->used++;
    if (finds->count == 0)
        finds->first = more;
    else
        chunks->chunk[finds->last][CIVID__CHUNK] = more;
    finds->last = more;
    return 1;
}

static int keep(const uint32_t *near, uint32_t count, civid__finds_t *finds,
                civid__chunks_t *chunks) {
    while (count > 0) {
        const uint32_t filled = finds->count % CIVID__CHUNK;
        if (filled == 0 && !lengthen(finds, chunks)) return 0;
        const uint32_t room = CIVID__CHUNK - filled, fits = count < room ? count : room;
        memcpy(chunks->chunk[finds->last] + filled, near, fits * sizeof *near);
        near += fits, count -= fits, finds->count += fits;
    }
    return 1;
}

int civid__inverted_together(const civid__list_t *list, const civid__asker_t *asker, int64_t count,
                             int32_t cells, void *tables, civid__chunks_t *chunks) {
    if (count == 0) return 1;
    const civid__kernels_t *kernels = civid__kernels();
    const tables_t t = sort_by_centre(asker, count, cells, tables);
    uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND];
    for (uint32_t c = 0; c < CIVID__INVERTED; c++)
        for (uint32_t n = t.start[c]; n < t.start[c + 1]; n++) {
            const ask_t *ask = &t.ask[t.by_centre[n]];
            const uint32_t direction = civid__direction(ask->code);
            civid__stretch_t part[2];
            const int32_t parts = civid__stretches(list, ask->code, c, part);
            for (int32_t p = 0; p < parts; p++) {
                uint32_t inside = part[p].list;
                for (uint32_t at = part[p].from, count; at < part[p].to; at += count) {
                    inside = civid__list_at(list, inside, at);
                    const uint32_t left = list->start[inside + 1] - at;
                    count = left < CIVID__RUN ? left : CIVID__RUN;
                    const civid__owned_t of = {list->listed + at, list->subject + at, count,
                                               civid__turn_to(direction, inside)};
                    const uint32_t found = kernels->owners(ask->code, ask->detail, &of, near);
                    if (!keep(near, found, ask->finds, chunks)) return 0;
                }
            }
        }
    return 1;
}
