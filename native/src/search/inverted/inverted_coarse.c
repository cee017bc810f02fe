/* inverted_coarse.c - the coarse stage: what lies in the lists near a probe's minutiae, added up by
 * subject and brought to a scale that this probe's strangers give. */
#include <math.h>
#include <string.h>

#include "search/inverted/inverted_stages.h"
#include "search/prefilter.h"

enum { SAMPLE = 1024 }; /* so many subjects or more say how much sums scatter */

/* One finger of the probe in the lists of one position. */
typedef struct {
    const civid__query_t *query;
    int32_t finger, position;
    const civid__list_t *list;
} pass_t;

/* Sums on the scale of this probe's impostors: what they reach grows with their minutiae, and so
 * does its variance. Both are taken from these subjects themselves, nearly all of them strangers. */
static void scale(const civid__list_t *list, const uint32_t *state, int32_t subjects,
                  float level[256], float unit[256]) {
    int64_t sum = 0, minutiae = 0, sampled = 0;
    double spread = 0.0;
    for (int32_t s = 0; s < subjects; s++) {
        sum += list->counts[s] ? state[s] >> 16 : 0;
        minutiae += list->counts[s];
    }
    const double rate = minutiae > 0 ? (double)sum / (double)minutiae : 0.0;
    const int32_t step = subjects < 2 * SAMPLE ? 1 : subjects / SAMPLE;
    for (int32_t s = 0; s < subjects; s += step) {
        if (list->counts[s] == 0) continue;
        const double off = (double)(state[s] >> 16) - rate * list->counts[s];
        spread += off * off / list->counts[s];
        sampled++;
    }
    spread = sampled > 0 && spread > 0.0 ? spread / (double)sampled : 1.0;
    for (int32_t m = 1; m < 256; m++) {
        level[m] = (float)(rate * m);
        unit[m] = (float)(1.0 / sqrt(spread * m));
    }
}

/* What was found of it among others; NULL: it looks for itself. */
static const civid__finds_t *finds_of(const pass_t *pass) {
    const civid__found_t *found = pass->query->found;
    if (found == NULL || pass->finger >= CIVID__TOGETHER_FINGERS) return NULL;
    return found->finds[pass->finger][pass->position];
}

/* May this finger of the probe be one of these, and is it asked? */
static int asks(const civid__look_t *look, const pass_t *pass) {
    return pass->list->minutiae > 0 &&
           civid__look_asks(look, pass->query, pass->finger, pass->position);
}

static int32_t depth(const civid__look_t *look, const pass_t *pass) {
    const int32_t count = pass->query->asked[pass->finger].count;
    return look->most < count ? look->most : count;
}

static int wants(const civid__look_t *look, int32_t s, int32_t fingers) {
    return look->values[s] > CIVID__NOTHING && look->terms[s] < fingers;
}

static void nothing_yet(float *best, int32_t count) {
    for (int32_t s = 0; s < count; s++) best[s] = CIVID__NOTHING;
}

/* The least depth beyond `done` that is asked; 0: none. */
static int32_t next_depth(const civid__look_t *looks, int64_t count, const pass_t *pass,
                          int32_t done) {
    int32_t next = 0;
    for (int64_t q = 0; q < count; q++) {
        if (looks[q].open == 0 || !asks(&looks[q], pass)) continue;
        const int32_t mine = depth(&looks[q], pass);
        if (mine > done && (next == 0 || mine < next)) next = mine;
    }
    return next;
}

/* Of how many fingers of a subject may the probe's one be? One, unless labels are wrong. */
static int32_t choices_of(const civid__look_t *look, const civid__query_t *query, int32_t finger,
                          const civid__inverted_t *lists) {
    int32_t number = 0;
    for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
        const pass_t pass = {query, finger, j, &lists->list[j]};
        number += asks(look, &pass);
    }
    return number;
}

static float value_of(const uint32_t *state, int32_t s, float level, float unit) {
    return ((float)(state[s] >> 16) - level) * unit;
}

static void best_values(civid__look_t *look, const civid__list_t *list, const uint32_t *state,
                        const float *level, const float *unit, int32_t subjects, int32_t fingers) {
    for (int32_t s = 0; s < subjects; s++) {
        const int32_t m = list->counts[s];
        if (m == 0 || !wants(look, s, fingers)) continue;
        const float value = value_of(state, s, level[m], unit[m]);
        if (value > look->best[s]) look->best[s] = value;
    }
}

/* The best of one: taken at once. */
static void take_values(civid__look_t *look, const civid__list_t *list, const uint32_t *state,
                        const float *level, const float *unit, int32_t subjects, int32_t fingers) {
    for (int32_t s = 0; s < subjects; s++) {
        const int32_t m = list->counts[s];
        if (m == 0 || !wants(look, s, fingers)) continue;
        look->values[s] += value_of(state, s, level[m], unit[m]);
        look->open -= ++look->terms[s] == fingers;
    }
}

/* Each subject's best value among its fingers that this one may be. The sums of a question that
 * asks more minutiae go on from those of one that asks fewer. */
static void coarse_lists(const pass_t *pass, const civid__among_t *among, civid__look_t *looks,
                         int64_t count, const civid__shared_t *shared) {
    const int32_t subjects = among->lists->subjects;
    const civid__list_t *list = pass->list;
    const civid__finds_t *finds = finds_of(pass);
    uint32_t *const state = shared->state;
    int32_t done = 0;
    for (int32_t next; (next = next_depth(looks, count, pass, done)) > 0; done = next) {
        civid__asked_t asked = pass->query->asked[pass->finger];
        asked.count = next;
        if (finds != NULL)
            civid__found_sums(pass->query->found->chunks, finds, subjects, done, next, state);
        else
            civid__inverted_sums(list, subjects, &pass->query->finger[pass->finger].codes, &asked,
                                 done, state);
        float level[256], unit[256];
        scale(list, state, subjects, level, unit);
        for (int64_t q = 0; q < count; q++) {
            civid__look_t *look = &looks[q];
            if (look->open == 0 || !asks(look, pass) || depth(look, pass) != next) continue;
            if (look->several)
                best_values(look, list, state, level, unit, subjects, among->fingers);
            else
                take_values(look, list, state, level, unit, subjects, among->fingers);
        }
    }
}

/* Who is there at all, and has had no finger taken yet. */
static void begin_look(civid__look_t *look, const civid__among_t *among) {
    look->there = 0;
    for (int32_t s = 0; s < among->lists->subjects; s++) {
        const int64_t subject = among->begin + s;
        const int there =
            civid__part_alive(among->references, subject) && subject >= among->after;
        look->values[s] = there ? 0.0f : CIVID__NOTHING;
        look->terms[s] = 0;
        look->there += there;
    }
    look->open = look->there;
}

/* A finger of the probe at a time, until every subject has had enough of them. */
void civid__coarse_stage(const civid__query_t *query, const civid__among_t *among,
                         civid__look_t *looks, int64_t count, const civid__shared_t *shared) {
    const int32_t subjects = among->lists->subjects;
    for (int64_t q = 0; q < count; q++) begin_look(&looks[q], among);
    for (int32_t i = 0; i < query->count; i++) {
        for (int64_t q = 0; q < count; q++) {
            looks[q].several = choices_of(&looks[q], query, i, among->lists) > 1;
            if (looks[q].several) nothing_yet(looks[q].best, subjects);
        }
        for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
            const pass_t pass = {query, i, j, &among->lists->list[j]};
            coarse_lists(&pass, among, looks, count, shared);
        }
        for (int64_t q = 0; q < count; q++) {
            civid__look_t *look = &looks[q];
            for (int32_t s = 0; s < subjects && look->several; s++) {
                if (!(look->best[s] > CIVID__NOTHING)) continue;
                look->values[s] += look->best[s];
                look->open -= ++look->terms[s] == among->fingers;
            }
        }
    }
    float root[CIVID_POSITIONS + 1];
    for (int32_t k = 1; k <= CIVID_POSITIONS; k++) root[k] = sqrtf((float)k);
    for (int64_t q = 0; q < count; q++) {
        const civid__look_t *look = &looks[q];
        for (int32_t s = 0; s < subjects; s++) /* civid__stouffer, with roots found once */
            if (look->values[s] > CIVID__NOTHING)
                look->values[s] =
                    look->terms[s] ? look->values[s] / root[look->terms[s]] : CIVID__NOTHING;
    }
}
