/* inverted_sums.c - what lies in the lists around a probe's minutiae, added up by subject. */
#include <stddef.h>
#include <string.h>

#include "compiler.h"
#include "kernels.h"
#include "search/inverted/inverted.h"
#include "search/inverted/inverted_stretches.h"

/* All stretches of a row, 2 a centre at most, so that what comes can be fetched ahead. */
static int32_t stretches_of(const civid__list_t *list, uint64_t code, const uint16_t *row,
                            int32_t cells, civid__stretch_t *out) {
    int32_t count = 0;
    for (int32_t c = 1; c <= cells; c++) {
        const int32_t first = count, more = civid__stretches(list, code, row[c], out + count);
        for (int32_t p = 0; p < more; p++)
            if (out[first + p].to > out[first + p].from) out[count++] = out[first + p];
    }
    return count;
}

/* A place in all stretches that a finger of a probe asks, one behind the other. */
typedef struct {
    const civid__list_t *list;
    const civid__codes_t *probe;
    const civid__asked_t *asked;
    int32_t k;           /* the one that asks now; asked->count: behind all of them */
    int32_t part, parts; /* its stretches */
    uint32_t at;         /* in this stretch */
    uint32_t inside;     /* the list that it lies in, or one before it */
    uint32_t direction;  /* of the one that asks */
    civid__stretch_t stretch[2 * CIVID_INVERTED_MAX_CELLS];
} place_t;

/* At the first stretch of the k-th, or of the next that has any. */
static void enter(place_t *place, int32_t k) {
    const civid__asked_t *asked = place->asked;
    place->part = place->parts = 0;
    for (place->k = k; place->k < asked->count; place->k++) {
        const uint16_t *row = asked->row + (ptrdiff_t)place->k * (1 + asked->cells);
        place->parts = stretches_of(place->list, place->probe->first[row[0]], row, asked->cells,
                                    place->stretch);
        if (place->parts > 0) break;
    }
    if (place->parts == 0) return;
    place->at = place->stretch[0].from;
    place->inside = place->stretch[0].list;
    place->direction = civid__direction(
        place->probe->first[asked->row[(ptrdiff_t)place->k * (1 + asked->cells)]]);
}

static int ended(const place_t *place) { return place->k >= place->asked->count; }

static uint32_t left(const place_t *place) { return place->stretch[place->part].to - place->at; }

static void advance(place_t *place, uint32_t by) {
    place->at += by;
    if (left(place) > 0) return;
    if (++place->part < place->parts) {
        place->at = place->stretch[place->part].from;
        place->inside = place->stretch[place->part].list;
    } else {
        enter(place, place->k + 1);
    }
}

enum { AHEAD = 256, LINE = 64, LINE_LISTED = LINE / 16, LINE_SUBJECTS = LINE };

static void fetch_subjects(const civid__list_t *list, uint32_t from, uint32_t count) {
    for (uint32_t j = 0; j < count; j += LINE_SUBJECTS) CIVID_PREFETCH(list->subject + from + j);
}

/* The first ones; -> at what comes behind them. */
static void fetch_first(place_t *place) {
    const civid__list_t *list = place->list;
    for (uint32_t wanted = AHEAD; wanted > 0 && !ended(place);) {
        const uint32_t count = left(place) < wanted ? left(place) : wanted;
        for (uint32_t j = 0; j < count; j += LINE_LISTED)
            CIVID_PREFETCH(list->listed + place->at + j);
        fetch_subjects(list, place->at, count);
        advance(place, count);
        wanted -= count;
    }
}

/* The sum << 16 | mark << 8 | what the marked minutia of the probe gave, of each subject. Of a
 * finger's minutiae near the probe's one only the nearest counts. Those found of one list, so far from
 * the probe's direction that no more than `least` bits count; -> behind them. Nothing here depends on
 * chance but where `state` is read, so that the processor need not wait for one before it takes the
 * next. */
static const uint32_t *tally(const civid__list_t *list, uint32_t at, const uint32_t *near,
                             uint32_t end, int32_t least, uint32_t mark, uint32_t *state,
                             uint32_t subjects) {
    const civid__listed_t *const listed = list->listed + at;
    const uint8_t *const subject = list->subject + at;
    for (; *near >> 8 < end; near++) {
        const uint32_t s = civid__whose(listed, subject, *near >> 8);
        if (s >= subjects) continue;
        const uint32_t old = state[s];
        const int32_t weight = least - (int32_t)(*near & 0xff); /* or less than nothing */
        const int32_t had = (old >> 8 & 0xff) == mark ? (int32_t)(old & 0xff) : 0;
        const int32_t best = weight > had ? weight : had;
        state[s] = ((old & 0xffff0000u) + ((uint32_t)(best - had) << 16)) | mark << 8 | (uint32_t)best;
    }
    return near;
}

/* The next `count` of a place's stretch, of which these were found. */
static void tally_lists(place_t *here, const uint32_t *near, uint32_t count, uint32_t *state,
                        uint32_t subjects) {
    const civid__list_t *list = here->list;
    for (uint32_t j = 0; j < count;) {
        here->inside = civid__list_at(list, here->inside, here->at + j);
        const uint32_t end = list->start[here->inside + 1] - here->at;
        const uint32_t turn = civid__turn_to(here->direction, here->inside);
        near = tally(list, here->at, near, end, (int32_t)(CIVID__INVERTED_NEAR - turn),
                     (uint32_t)here->k + 1, state, subjects);
        j = end;
    }
}

void civid__inverted_sums(const civid__list_t *list, int32_t subjects, const civid__codes_t *probe,
                          const civid__asked_t *asked, int32_t done, uint32_t *state) {
    const civid__kernels_t *kernels = civid__kernels();
    uint32_t near[CIVID__RUN + CIVID__RUN_BEHIND];
    if (done == 0) memset(state, 0, (size_t)subjects * sizeof *state);
    place_t here = {.list = list, .probe = probe, .asked = asked}, next = here;
    enter(&here, done);
    enter(&next, done);
    fetch_first(&next);
    while (!ended(&here)) {
        const int32_t i = asked->row[(ptrdiff_t)here.k * (1 + asked->cells)];
        uint32_t count = left(&here) < CIVID__RUN ? left(&here) : CIVID__RUN;
        if (!ended(&next) && left(&next) < count) count = left(&next);
        const place_t *then = ended(&next) ? &here : &next;
        fetch_subjects(list, then->at, count);
        const civid__run_t run = {list->listed + here.at, count, list->listed + then->at};
        const uint32_t found = kernels->run(probe->first[i], probe->second[i], &run, near);
        near[found] = UINT32_MAX; /* behind every list */
        tally_lists(&here, near, count, state, (uint32_t)subjects);
        if (!ended(&next)) advance(&next, count);
        advance(&here, count);
    }
}

int32_t civid__inverted_most(int32_t several) {
    return several ? CIVID__INVERTED_SEVERAL : CIVID__INVERTED_SINGLE;
}
