/* together.h - what lists hold near the minutiae of several probes, found list by list: the
 * minutiae of a centre are fetched from memory once for all who ask it. */
#ifndef CIVID_SEARCH_TOGETHER_H
#define CIVID_SEARCH_TOGETHER_H

#include "search/inverted/inverted.h"

enum {
    CIVID__TOGETHER_FINGERS = 2, /* of a probe; what further ones find is looked for by themselves */
    CIVID__CHUNK = 255,
};

/* What was found: subject << 16 | bits of difference. In chunks, whose last item says which comes
 * next. */
typedef struct {
    uint32_t (*chunk)[CIVID__CHUNK + 1];
    uint32_t used, room;
} civid__chunks_t;

/* Near one minutia that asks. */
typedef struct {
    uint32_t first, last, count;
} civid__finds_t;

/* Near all of a probe, in the lists of each position: an item a minutia; NULL: was not looked for. */
typedef struct {
    const civid__chunks_t *chunks;
    civid__finds_t *finds[CIVID__TOGETHER_FINGERS][CIVID_POSITIONS];
} civid__found_t;

/* One finger of a probe that asks the lists of a position. */
typedef struct {
    const civid__codes_t *probe;
    const civid__asked_t *asked;
    civid__finds_t *finds;
} civid__asker_t;

/* Memory for the tables of askers who have so many minutiae together. */
uint64_t civid__together_tables(uint64_t minutiae, int32_t cells);

/* Fills the finds of all askers, who ask `cells` each; 0: there is no room for so many. */
int civid__inverted_together(const civid__list_t *list, const civid__asker_t *asker, int64_t count,
                             int32_t cells, void *tables, civid__chunks_t *chunks);

/* As civid__inverted_sums, of what was found. */
void civid__found_sums(const civid__chunks_t *chunks, const civid__finds_t *finds, int32_t subjects,
                       int32_t begin, int32_t end, uint32_t *state);

#endif
