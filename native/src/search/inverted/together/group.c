/* group.c - which lists the probes of a group ask, and memory for what they find. */
#include "search/inverted/together/group.h"

#include <stddef.h>
#include <string.h>

#include "search/prefilter.h"

enum {
    FINGERS = CIVID__TOGETHER_FINGERS,
    USUAL = FINGERS * CIVID__INVERTED_SEVERAL, /* minutiae of a probe that ask, each one position */
    CHUNK = (CIVID__CHUNK + 1) * sizeof(uint32_t),
    FIVE = 5, /* subjects for each of which a minutia finds one, and rather less (measured: eight) */
};

static uint64_t words(uint64_t bytes) { return (bytes + 7) / 8 * 8; }

/* Finds of so many minutiae, each in the lists of a position, and what is found. */
static uint64_t finds_size(uint64_t minutiae, int64_t references) {
    const uint64_t items = (uint64_t)references / FIVE * sizeof(uint32_t);
    return words(minutiae * sizeof(civid__finds_t)) + minutiae * (CHUNK + items);
}

static uint64_t tables_size(uint64_t probes, uint64_t minutiae, int32_t cells) {
    return words(probes * sizeof(civid__found_t)) + words(sizeof(civid__chunks_t)) +
           words(probes * FINGERS * sizeof(civid__asker_t)) +
           words(civid__together_tables(minutiae, cells));
}

uint64_t civid__group_size(int64_t references, int64_t probes, int32_t cells) {
    const uint64_t minutiae = (uint64_t)probes * USUAL;
    return tables_size((uint64_t)probes, minutiae, cells) + finds_size(minutiae, references);
}

typedef struct {
    uint8_t *at;
    uint64_t left;
} arena_t;

static void *lend(arena_t *arena, uint64_t bytes) {
    void *lent = arena->at;
    arena->at += words(bytes), arena->left -= words(bytes);
    return lent;
}

/* May finger i of a probe be one of these, and is it looked for together with others? */
static int asks(const civid__query_t *query, int32_t i, const civid__among_t *among, int32_t flags,
                int32_t position) {
    return i < FINGERS && i < among->fingers && among->lists->list[position].minutiae > 0 &&
           civid__comparable(query->position[i], position, flags);
}

typedef struct {
    uint64_t minutiae, finds; /* that ask; the same, once for each position */
} asked_t;

static asked_t asked_by(const civid__query_t *query, int64_t count, const civid__among_t *among,
                        int32_t flags) {
    asked_t asked = {0, 0};
    for (int64_t p = 0; p < count; p++)
        for (int32_t i = 0; i < query[p].count; i++) {
            int32_t positions = 0;
            for (int32_t j = 0; j < CIVID_POSITIONS; j++)
                positions += asks(&query[p], i, among, flags, j);
            if (positions > 0) asked.minutiae += (uint64_t)query[p].asked[i].count;
            asked.finds += (uint64_t)positions * (uint64_t)query[p].asked[i].count;
        }
    return asked;
}

/* Who asks the lists of a position; finds is moved behind theirs. */
static int64_t askers(const civid__query_t *query, int64_t count, const civid__among_t *among,
                      int32_t flags, int32_t position, civid__finds_t **finds,
                      civid__found_t *found, civid__asker_t *asker) {
    int64_t number = 0;
    for (int64_t p = 0; p < count; p++)
        for (int32_t i = 0; i < query[p].count; i++) {
            if (!asks(&query[p], i, among, flags, position)) continue;
            const civid__asked_t *asked = &query[p].asked[i];
            asker[number++] = (civid__asker_t){&query[p].finger[i].codes, asked, *finds};
            found[p].finds[i][position] = *finds;
            *finds += asked->count;
        }
    return number;
}

int civid__look_together(civid__query_t *query, int64_t count, const civid__among_t *among,
                         int32_t flags, int32_t cells, void *memory, uint64_t size) {
    const asked_t asked = asked_by(query, count, among, flags);
    if (asked.minutiae > UINT16_MAX ||
        tables_size((uint64_t)count, asked.minutiae, cells) +
                finds_size(asked.finds, among->lists->subjects) >
            size)
        return 0;
    arena_t arena = {memory, size};
    civid__found_t *found = lend(&arena, (uint64_t)count * sizeof *found);
    civid__chunks_t *chunks = lend(&arena, sizeof *chunks);
    civid__asker_t *asker = lend(&arena, (uint64_t)count * FINGERS * sizeof *asker);
    void *tables = lend(&arena, civid__together_tables(asked.minutiae, cells));
    civid__finds_t *finds = lend(&arena, asked.finds * sizeof *finds);
    memset(found, 0, (size_t)count * sizeof *found);
    memset(finds, 0, (size_t)asked.finds * sizeof *finds);
    const uint64_t room = arena.left / CHUNK;
    *chunks = (civid__chunks_t){(void *)arena.at, 0, room < UINT32_MAX ? (uint32_t)room : UINT32_MAX};
    for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
        const int64_t number = askers(query, count, among, flags, j, &finds, found, asker);
        if (!civid__inverted_together(&among->lists->list[j], asker, number, cells, tables, chunks))
            return 0;
    }
    for (int64_t p = 0; p < count; p++) {
        found[p].chunks = chunks;
        query[p].found = &found[p];
    }
    return 1;
}
