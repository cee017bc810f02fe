/* inverted_fine.c - the fine stage: the best of the coarse one are asked with all minutiae of all
 * their fingers, whichever lists these lie in, whether partners agree on a movement. */
#include "compiler.h"
#include "search/inverted/inverted_stages.h"

enum { AHEAD = 2 }; /* subjects (chosen; one or three are as good) */

/* The best values of the coarse stage: a share of those who may be meant, so that who is compared with
 * those behind it alone, as everybody is with everybody, pays for no others. */
static void choose(civid__look_t *look, int32_t subjects) {
    int64_t wanted =
        look->there / (look->alone ? CIVID__INVERTED_SHARE_ALONE : CIVID__INVERTED_SHARE);
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

/* How many minutiae of the lists come before a finger's in the order of the prints. */
static uint64_t index_of(const civid__among_t *among, int64_t finger) {
    const civid_part_t *part = among->references;
    const int64_t first = part->first[among->begin];
    return (part->offsets[finger] - part->offsets[first]) / 8 - (uint64_t)(finger - first);
}

/* A subject's finger in these lists, its packed template looked at. -> its number */
static civid_status finger_of(const civid_part_t *references, int64_t subject, int32_t position,
                              int32_t counted, civid__finger_t *one, int64_t *number) {
    int64_t finger = references->first[subject];
    const int64_t last = references->first[subject + 1];
    while (finger < last && references->positions[finger] != position) finger++;
    if (finger >= last) return CIVID_E_CORRUPT; /* lists of other subjects */
    civid_status status = civid__part_finger(references, finger, one);
    if (status == CIVID_OK) status = civid__packed_header(one->packed, one->size);
    if (status != CIVID_OK) return status;
    *number = finger;
    return one->codes.count == counted ? CIVID_OK : CIVID_E_CORRUPT;
}

/* Fingers of which positions are asked: bit i = of position i. */
static uint32_t asked_of(const civid__query_t *query, const civid__look_t *look) {
    uint32_t positions = 0;
    for (int32_t i = 0; i < query->count; i++)
        for (int32_t j = 0; j < CIVID_POSITIONS; j++)
            positions |= (uint32_t)civid__look_asks(look, query, i, j) << j;
    return positions;
}

/* What is read of a subject is fetched while one before it is asked: no processor foresees where it
 * lies. First its templates, and where its codes lie. */
static void fetch(const civid__among_t *among, uint32_t positions, int64_t subject) {
    enum { LINE = 64 };
    const civid_part_t *part = among->references;
    const civid__inverted_t *lists = among->lists;
    for (int64_t f = part->first[subject]; f < part->first[subject + 1]; f++) {
        civid__finger_t one;
        if (part->positions[f] >= CIVID_POSITIONS) return;
        if (!(positions >> part->positions[f] & 1)) continue;
        if (civid__part_finger(part, f, &one) != CIVID_OK) return; /* said when it is read */
        for (uint64_t k = 0; k < one.size; k += LINE)
            CIVID_PREFETCH((const uint8_t *)one.packed + k);
        const uint64_t index = index_of(among, f), bits = (uint64_t)lists->bits;
        if (index > lists->minutiae || (uint64_t)one.codes.count > lists->minutiae - index) return;
        const uint64_t last = (index + (uint64_t)one.codes.count) * bits / 8;
        for (uint64_t k = index * bits / 8; k < last; k += LINE) CIVID_PREFETCH(lists->places + k);
    }
}

/* Then the codes. */
static void fetch_codes(const civid__among_t *among, uint32_t positions, int64_t subject) {
    const civid_part_t *part = among->references;
    for (int64_t f = part->first[subject]; f < part->first[subject + 1]; f++) {
        civid__finger_t one;
        if (part->positions[f] >= CIVID_POSITIONS) return;
        if (!(positions >> part->positions[f] & 1)) continue;
        if (civid__part_finger(part, f, &one) != CIVID_OK) return;
        if (civid__packed_header(one.packed, one.size) != CIVID_OK) return;
        const civid__points_t points = civid__packed_points(one.packed);
        civid__inverted_fetch(among->lists, part->positions[f], index_of(among, f), points.angle,
                              points.count);
    }
}

/* What finger i of the probe says of a subject: of those that it may be, the best. */
static civid_status best_of(const civid__query_t *query, int32_t i, const civid__among_t *among,
                            const civid__look_t *look, int32_t s, float *best) {
    *best = CIVID__NOTHING;
    for (int32_t j = 0; j < CIVID_POSITIONS; j++) {
        const civid__list_t *list = &among->lists->list[j];
        if (list->minutiae == 0 || list->counts[s] == 0) continue;
        if (!civid__look_asks(look, query, i, j)) continue;
        civid__finger_t theirs;
        int64_t number;
        civid_status status = finger_of(among->references, among->begin + s, j, list->counts[s],
                                        &theirs, &number);
        if (status != CIVID_OK) return status;
        uint64_t first[CIVID_MAX_MINUTIAE], second[CIVID_MAX_MINUTIAE];
        status = civid__inverted_codes(among->lists, j, s, index_of(among, number),
                                       civid__packed_points(theirs.packed).angle,
                                       theirs.codes.count, first, second);
        if (status != CIVID_OK) return status;
        theirs.codes.first = first;
        theirs.codes.second = second;
        const float one = civid__fine(&query->finger[i], &theirs);
        if (one > *best) *best = one;
    }
    return CIVID_OK;
}

civid_status civid__fine_stage(const civid__query_t *query, const civid__among_t *among,
                               civid__look_t *look) {
    const uint32_t positions = asked_of(query, look);
    choose(look, among->lists->subjects);
    for (int32_t n = 0; n < look->choices; n++) { /* n <= chosen[n]: none is needed any more */
        const int32_t s = look->chosen[n];
        if (n + 2 * AHEAD < look->choices)
            fetch(among, positions, among->begin + look->chosen[n + 2 * AHEAD]);
        if (n + AHEAD < look->choices)
            fetch_codes(among, positions, among->begin + look->chosen[n + AHEAD]);
        float sum = 0.0f;
        int32_t terms = 0;
        for (int32_t i = 0; i < query->count && terms < among->fingers; i++) {
            float best;
            const civid_status status = best_of(query, i, among, look, s, &best);
            if (status != CIVID_OK) return status;
            if (best > CIVID__NOTHING) sum += best, terms++;
        }
        look->values[n] =
            CIVID__INVERTED_COARSE * look->values[s] + civid__stouffer(sum, terms);
    }
    return CIVID_OK;
}
