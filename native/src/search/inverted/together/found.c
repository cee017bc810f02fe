/* found.c - what was found for a probe among others, added up by subject. */
#include <stddef.h>
#include <string.h>

#include "compiler.h"
#include "search/inverted/together/together.h"

/* What comes behind a chunk is fetched while that is read: no processor foresees where it lies. */
static void fetch(const civid__chunks_t *chunks, uint32_t chunk) {
    enum { LINE = 16 };
    for (uint32_t i = 0; i <= CIVID__CHUNK; i += LINE) CIVID_PREFETCH(&chunks->chunk[chunk][i]);
}

/* As in civid__inverted_sums: sum << 16 | mark << 8 | what the marked minutia gave. Marks ascend, so
 * that a greater one below stands for a minutia which has given something here. */
static void tally(const uint32_t *item, uint32_t count, uint32_t mark, uint32_t *state,
                  uint32_t subjects) {
    const uint32_t nothing = mark << 8;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t s = item[i] >> 16, now = nothing + CIVID__INVERTED_NEAR - (item[i] & 0xff);
        if (s >= subjects) continue;
        const uint32_t old = state[s], low = old & 0xffff;
        const uint32_t had = low > nothing ? low : nothing, best = now > had ? now : had;
        state[s] = old - low + best + ((best - had) << 16);
    }
}

void civid__found_sums(const civid__chunks_t *chunks, const civid__finds_t *finds, int32_t subjects,
                       int32_t begin, int32_t end, uint32_t *state) {
    if (begin == 0) memset(state, 0, (size_t)subjects * sizeof *state);
    for (int32_t k = begin; k < end; k++) {
        uint32_t left = finds[k].count, chunk = finds[k].first;
        while (left > 0) {
            const uint32_t here = left < CIVID__CHUNK ? left : CIVID__CHUNK;
            if (left > here) fetch(chunks, chunks->chunk[chunk][CIVID__CHUNK]);
            else if (k + 1 < end) fetch(chunks, finds[k + 1].first);
            tally(chunks->chunk[chunk], here, (uint32_t)k + 1, state, (uint32_t)subjects);
            left -= here;
            if (left > 0) chunk = chunks->chunk[chunk][CIVID__CHUNK];
        }
    }
}
