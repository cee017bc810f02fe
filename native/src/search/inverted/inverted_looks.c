/* inverted_looks.c - the coarse and the fine stage: nothing but the lists is read of a subject, and of
 * the few that get to the fine stage where their minutiae are. */
#include "search/inverted/inverted_looks.h"

#include <math.h>
#include <string.h>

#include "search/prefilter.h"

enum { SAMPLE = 1024 }; /* so many subjects or more say how much sums scatter */

_Static_assert(CIVID__AGREE_NEAR <= CIVID__INVERTED_NEAR, "notes lack what votes");

/* The notes of a pass; depth 0: there was no room for all of them. */
typedef struct {
    uint32_t first, last;
    int32_t depth;
} noted_t;

/* One finger of the probe in the lists of one position. */
typedef struct {
    const civid__query_t *query;
    int32_t finger, position;
    const civid__list_t *list;
    noted_t *noted;
} pass_t;

typedef noted_t all_noted_t[CIVID_POSITIONS][CIVID_POSITIONS];

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

static int takes(const civid__look_t *look, const civid__query_t *query, int32_t finger) {
    return (int)(look->positions >> query->position[finger] & 1);
}

/* May this finger of the probe be one of these, and is it asked? */
static int asks(const civid__look_t *look, const pass_t *pass) {
    return takes(look, pass->query, pass->finger) && pass->list->minutiae > 0 &&
           civid__comparable(pass->query->position[pass->finger], pass->position, look->flags);
}

static int32_t depth(const civid__look_t *look, const pass_t *pass) {
    const int32_t count = pass->query->asked[pass->finger].count;
    return look->most < count ? look->most : count;
}

static int wants(const civid__look_t *look, int32_t s, int32_t fingers) {
    return look->values[s] > CIVID__NOTHING && look->terms[s] < fingers;
}

static int fine_wants(const civid__look_t *look, const pass_t *pass, int32_t s, int32_t fingers) {
    return pass->list->counts[s] > 0 && look->terms[s] < fingers;
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
        const pass_t pass = {query, finger, j, &lists->list[j], NULL};
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
                         int64_t count, civid__shared_t *shared) {
    const int32_t subjects = among->lists->subjects;
    const civid__list_t *list = pass->list;
    const civid__finds_t *finds = finds_of(pass);
    uint32_t *const state = shared->state;
    int32_t done = 0;
    pass->noted->first = shared->notes.count;
    shared->notes.step = 0;
    for (int64_t q = 0; q < count; q++) /* one that is alone reads no notes */
        if (!looks[q].alone && asks(&looks[q], pass)) shared->notes.step = 1;
    for (int32_t next; (next = next_depth(looks, count, pass, done)) > 0; done = next) {
        civid__asked_t asked = pass->query->asked[pass->finger];
        asked.count = next;
        if (finds != NULL)
            civid__found_sums(pass->query->found->chunks, finds, subjects, done, next, state);
        else
            civid__inverted_sums(list, subjects, &pass->query->finger[pass->finger].codes, &asked,
                                 done, state, &shared->notes);
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
    if (shared->notes.step == 0) shared->notes.count = pass->noted->first;
    pass->noted->last = shared->notes.count;
    pass->noted->depth = shared->notes.step ? done : 0;
}

/* Who is there at all, and has had no finger taken yet. */
static void begin_look(civid__look_t *look, const civid__among_t *among) {
    look->open = 0;
    for (int32_t s = 0; s < among->lists->subjects; s++) {
        const int64_t subject = among->begin + s;
        const int there =
            civid__part_alive(among->references, subject) && subject >= among->after;
        look->values[s] = there ? 0.0f : CIVID__NOTHING;
        look->terms[s] = 0;
        look->open += there;
    }
}

/* A finger of the probe at a time, until every subject has had enough of them. */
static void coarse_stage(const civid__query_t *query, const civid__among_t *among,
                         civid__look_t *looks, int64_t count, civid__shared_t *shared,
                         all_noted_t noted) {
    const int32_t subjects = among->lists->subjects;
    for (int64_t q = 0; q < count; q++) begin_look(&looks[q], among);
    for (int32_t i = 0; i < query->count; i++) {
        for (int64_t q = 0; q < count; q++) {
            looks[q].several = choices_of(&looks[q], query, i, among->lists) > 1;
            if (looks[q].several) nothing_yet(looks[q].best, subjects);
        }
        for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
            const pass_t pass = {query, i, j, &among->lists->list[j], &noted[i][j]};
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

/* The best values of the coarse stage. */
static void choose(civid__look_t *look, int32_t subjects) {
    int64_t wanted =
        subjects / (look->alone ? CIVID__INVERTED_SHARE_ALONE : CIVID__INVERTED_SHARE);
    if (wanted < CIVID__FINE_LEAST) wanted = CIVID__FINE_LEAST;
    if (wanted < CIVID__INVERTED_TIMES * look->keep) wanted = CIVID__INVERTED_TIMES * look->keep;
    uint16_t *const chosen = look->chosen; /* ranks, and behind `choices` still ranks */
    (void)civid__rank_best(look->values, subjects, wanted, chosen);
    look->choices = 0;
    for (int32_t s = 0; s < subjects; s++) {
        const int mine = chosen[s] > 0;
        chosen[look->choices] = (uint16_t)s;
        look->choices += mine;
    }
}

/* A subject's finger in these lists, its packed template looked at. */
static civid_status finger_of(const pass_t *pass, const civid_part_t *references, int64_t subject,
                              int32_t counted, civid__finger_t *one) {
    int64_t finger = references->first[subject];
    const int64_t last = references->first[subject + 1];
    while (finger < last && references->positions[finger] != pass->position) finger++;
    if (finger >= last) return CIVID_E_CORRUPT; /* lists of other subjects */
    civid_status status = civid__part_finger(references, finger, one);
    if (status == CIVID_OK) status = civid__packed_header(one->packed, one->size);
    if (status != CIVID_OK) return status;
    return one->codes.count == counted ? CIVID_OK : CIVID_E_CORRUPT;
}

/* What the partners of one finger of the probe in one of a subject agree on, as far as lists know
 * them. */
static float agreement_of(const pass_t *pass, int32_t number, const civid__finger_t *one,
                          const uint16_t *near) {
    const civid__asked_t *asked = &pass->query->asked[pass->finger];
    uint16_t partner[CIVID__PARTNERS_ROOM];
    memset(partner, 0xff, sizeof partner); /* CIVID__PARTNER_NONE */
    for (int32_t k = 0; k < number; k++) partner[asked->row[k * (1 + asked->cells)]] = near[k];
    const civid__points_t a = civid__packed_points(pass->query->finger[pass->finger].packed);
    const civid__points_t b = civid__packed_points(one->packed);
    return civid__agreement_scale(civid__agreement(&a, &b, partner), number, one->codes.count);
}

/* The same for all with a rank that have this finger; of each the best of its fingers is kept. Notes,
 * or else the lists, are gone through once for all who are ranked by some question. */
static civid_status fine_lists(const pass_t *pass, const civid__among_t *among,
                               civid__look_t *looks, int64_t count, const civid__shared_t *shared) {
    const int32_t subjects = among->lists->subjects;
    const civid__list_t *list = pass->list;
    civid__asked_t asked = pass->query->asked[pass->finger];
    int32_t ranks = 0, begun = 0;
    asked.count = 0;
    for (int64_t q = 0; q < count; q++) {
        if (looks[q].alone || !asks(&looks[q], pass)) continue;
        if (!begun) memset(shared->rank, 0, (size_t)subjects * sizeof *shared->rank);
        begun = 1;
        int32_t found = 0;
        for (int32_t n = 0; n < looks[q].choices; n++) {
            const int32_t s = looks[q].chosen[n];
            if (!fine_wants(&looks[q], pass, s, among->fingers)) continue;
            if (shared->rank[s] == 0 && ranks < UINT16_MAX) shared->rank[s] = (uint16_t)++ranks;
            found = 1;
        }
        if (found && depth(&looks[q], pass) > asked.count) asked.count = depth(&looks[q], pass);
    }
    if (ranks == 0) return CIVID_OK;
    const noted_t *noted = pass->noted;
    if (finds_of(pass) != NULL)
        civid__found_partners(pass->query->found->chunks, finds_of(pass), list, subjects, &asked,
                              shared->rank, ranks, shared->partner);
    else if (noted->depth >= asked.count)
        civid__inverted_noted(list, subjects, shared->notes.entry + noted->first,
                              noted->last - noted->first, &asked, shared->rank, ranks,
                              shared->partner);
    else
        civid__inverted_partners(list, subjects, &pass->query->finger[pass->finger].codes, &asked,
                                 shared->rank, ranks, shared->partner);
    for (int64_t q = 0; q < count; q++) {
        civid__look_t *look = &looks[q];
        if (look->alone || !asks(look, pass)) continue;
        for (int32_t n = 0; n < look->choices; n++) {
            const int32_t s = look->chosen[n];
            if (shared->rank[s] == 0 || !fine_wants(look, pass, s, among->fingers)) continue;
            const uint16_t *near =
                shared->partner + (size_t)(shared->rank[s] - 1) * (size_t)asked.count;
            civid__finger_t theirs;
            const civid_status status = finger_of(pass, among->references, among->begin + s,
                                                  list->counts[s], &theirs);
            if (status != CIVID_OK) return status;
            const float one = agreement_of(pass, depth(look, pass), &theirs, near);
            if (one > look->best[s]) look->best[s] = one;
        }
    }
    return CIVID_OK;
}

/* The same of a single finger: what the lists did not let it find counts, too, so codes are read. */
static civid_status fine_alone(const pass_t *pass, const civid__among_t *among,
                               civid__look_t *look) {
    if (!asks(look, pass)) return CIVID_OK;
    for (int32_t n = 0; n < look->choices; n++) {
        const int32_t s = look->chosen[n];
        if (!fine_wants(look, pass, s, among->fingers)) continue;
        civid__finger_t theirs;
        const civid_status status =
            finger_of(pass, among->references, among->begin + s, pass->list->counts[s], &theirs);
        if (status != CIVID_OK) return status;
        const float one = civid__fine(&pass->query->finger[pass->finger], &theirs);
        if (one > look->best[s]) look->best[s] = one;
    }
    return CIVID_OK;
}

/* Both stages' values of those who were chosen, one behind the other. */
static void both_stages(civid__look_t *look) {
    const float coarse = look->alone ? CIVID__INVERTED_COARSE_ALONE : 1.0f;
    const float fine = look->alone ? 1.0f : CIVID__INVERTED_FINE;
    for (int32_t n = 0; n < look->choices; n++) { /* n <= chosen[n]: none is needed any more */
        const int32_t s = look->chosen[n];
        look->values[n] =
            coarse * look->values[s] + fine * civid__stouffer(look->fine[s], look->terms[s]);
    }
}

int64_t civid__look_best(const civid__look_t *look, int64_t begin, int64_t slot,
                         civid_candidate_t *candidates) {
    const int64_t number =
        civid__best(look->values, look->choices, look->keep, 0, slot, candidates);
    for (int64_t k = 0; k < number; k++)
        candidates[k].reference = begin + look->chosen[candidates[k].reference];
    return number;
}

static civid_status fine_stage(const civid__query_t *query, const civid__among_t *among,
                               civid__look_t *looks, int64_t count, const civid__shared_t *shared,
                               all_noted_t noted) {
    for (int64_t q = 0; q < count; q++)
        for (int32_t n = 0; n < looks[q].choices; n++) {
            looks[q].terms[looks[q].chosen[n]] = 0;
            looks[q].fine[looks[q].chosen[n]] = 0.0f;
        }
    for (int32_t i = 0; i < query->count; i++) {
        for (int64_t q = 0; q < count; q++)
            for (int32_t n = 0; n < looks[q].choices; n++)
                looks[q].best[looks[q].chosen[n]] = CIVID__NOTHING;
        for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
            const pass_t pass = {query, i, j, &among->lists->list[j], &noted[i][j]};
            civid_status status = fine_lists(&pass, among, looks, count, shared);
            for (int64_t q = 0; q < count && status == CIVID_OK; q++)
                if (looks[q].alone) status = fine_alone(&pass, among, &looks[q]);
            if (status != CIVID_OK) return status;
        }
        for (int64_t q = 0; q < count; q++) {
            civid__look_t *look = &looks[q];
            for (int32_t n = 0; takes(look, query, i) && n < look->choices; n++) {
                const int32_t s = look->chosen[n];
                if (!(look->best[s] > CIVID__NOTHING)) continue;
                look->fine[s] += look->best[s];
                look->terms[s]++;
            }
        }
    }
    for (int64_t q = 0; q < count; q++) both_stages(&looks[q]);
    return CIVID_OK;
}

civid_status civid__inverted_looks(const civid__query_t *query, const civid__among_t *among,
                                   civid__look_t *looks, int64_t count, civid__shared_t *shared) {
    all_noted_t noted;
    memset(noted, 0, sizeof noted);
    shared->notes.count = 0;
    coarse_stage(query, among, looks, count, shared, noted);
    for (int64_t q = 0; q < count; q++) choose(&looks[q], among->lists->subjects);
    return fine_stage(query, among, looks, count, shared, noted);
}
