/* inverted_group.c - which lists the probes of a group ask, and memory for what they find. */
#include "search/inverted/inverted_group.h"

#include <string.h>

#include "search/prefilter.h"

enum {
    FINGERS = CIVID__TOGETHER_FINGERS,
    MOST = FINGERS * CIVID__INVERTED_SINGLE, /* minutiae of a probe that ask */
    LISTS = 2, /* positions whose lists a finger asks: its own, and the unknown one */
    ITEM = 4,
    ROOM = 10, /* items a subject and probe: two fingers find six (measured) */
};

static uint64_t words(uint64_t bytes) { return (bytes + 7) / 8 * 8; }

uint64_t civid__group_size(int64_t references, int64_t probes, int32_t cells) {
    const uint64_t own = sizeof(civid__found_t) + FINGERS * sizeof(civid__asker_t) +
                         LISTS * MOST * (sizeof(civid__finds_t) + ITEM * (CIVID__CHUNK + 1)) +
                         ROOM * ITEM * (uint64_t)references;
    return (uint64_t)probes * own + words(civid__together_tables((uint64_t)probes * MOST, cells)) +
           ITEM * (CIVID__CHUNK + 1);
}

typedef struct {
    uint8_t *at;
    uint64_t left;
} arena_t;

static void *lend(arena_t *arena, uint64_t bytes) {
    bytes = words(bytes);
    if (arena->left < bytes) return NULL;
    void *lent = arena->at;
    arena->at += bytes, arena->left -= bytes;
    return lent;
}

/* Finds for every finger that asks the lists of a position: who asks them; -1: no room. */
static int64_t askers(civid__query_t *query, int64_t count, const civid__among_t *among,
                      int32_t flags, int32_t position, civid__found_t *found, arena_t *arena,
                      civid__asker_t *asker) {
    int64_t number = 0;
    for (int64_t p = 0; p < count; p++)
        for (int32_t i = 0; i < query[p].count && i < FINGERS && i < among->fingers; i++) {
            if (!civid__comparable(query[p].position[i], position, flags)) continue;
            const uint64_t bytes = (uint64_t)query[p].asked[i].count * sizeof(civid__finds_t);
            civid__finds_t *finds = lend(arena, bytes);
            if (finds == NULL) return -1;
            memset(finds, 0, bytes);
            found[p].finds[i][position] = finds;
            asker[number++] =
                (civid__asker_t){&query[p].finger[i].codes, &query[p].asked[i], finds};
        }
    return number;
}

int civid__look_together(civid__query_t *query, int64_t count, const civid__among_t *among,
                         int32_t flags, int32_t cells, void *memory, uint64_t size) {
    arena_t arena = {memory, size};
    civid__found_t *found = lend(&arena, (uint64_t)count * sizeof *found);
    civid__asker_t *asker = lend(&arena, (uint64_t)count * FINGERS * sizeof *asker);
    void *tables = lend(&arena, civid__together_tables((uint64_t)count * MOST, cells));
    civid__chunks_t *chunks = lend(&arena, sizeof *chunks);
    /* Finds of every position lie before the chunks; a probe of many fingers asks few lists each. */
    const uint64_t each = (uint64_t)count * MOST * sizeof(civid__finds_t);
    arena_t small = {lend(&arena, LISTS * each), LISTS * each};
    if (chunks == NULL || small.at == NULL) return 0;
    memset(found, 0, (size_t)count * sizeof *found);
    const uint64_t room = arena.left / sizeof *chunks->chunk;
    *chunks = (civid__chunks_t){(void *)arena.at, 0, room < UINT32_MAX ? (uint32_t)room : UINT32_MAX};
    for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
        const civid__list_t *list = &among->lists->list[j];
        if (list->minutiae == 0) continue;
        const int64_t number = askers(query, count, among, flags, j, found, &small, asker);
        if (number < 0) return 0;
        if (!civid__inverted_together(list, asker, number, cells, tables, chunks)) return 0;
    }
    for (int64_t p = 0; p < count; p++) {
        found[p].chunks = chunks;
        query[p].found = &found[p];
    }
    return 1;
}
