/* Subjects whose arrays lie, searched, paired and explained: a status, and nothing outside of them;
 * where all is right, the three agree. */
#include "people.h"

static arena_t scratch_of;

/* One field of a set anywhere in its range, or beyond it. */
static void change(input_t *in, int32_t set, void *values, uint64_t size) {
    int32_t fields, kind;
    uint64_t bytes, at = 0;
    const char *name;
    double least = 0, most = 0;
    REQUIRE(civid_parameters_size(set, &fields, &bytes) == CIVID_OK && bytes == size);
    REQUIRE(civid_parameters_defaults(set, values, size) == CIVID_OK);
    const int32_t which = (int32_t)take(in, 1) % fields;
    for (int32_t i = 0; i <= which; i++) {
        REQUIRE(civid_parameters_field(set, i, &name, &kind, &least, &most) == CIVID_OK);
        if (i < which) at += kind == CIVID_KEPT_DOUBLE ? 8 : 4;
    }
    const double value = least + (most - least) * ((double)take(in, 1) - 20.0) / 215.0;
    const float real = (float)value;
    const int32_t whole = (int32_t)value;
    if (kind == CIVID_KEPT_INT32) memcpy((unsigned char *)values + at, &whole, sizeof whole);
    if (kind == CIVID_KEPT_FLOAT) memcpy((unsigned char *)values + at, &real, sizeof real);
    if (kind == CIVID_KEPT_DOUBLE) memcpy((unsigned char *)values + at, &value, sizeof value);
}

static civid_rules_t rules_of(input_t *in, civid_comparator_t *comparator, civid_fusion_t *fusion) {
    const uint32_t how = take(in, 1);
    civid_rules_t rules = {
        (int32_t)(how % 4), (float)(how >> 2), (float)take(in, 1) - 1.0f, NULL, NULL};
    if (how >> 4 == 12) {
        change(in, CIVID_PARAMETERS_COMPARISON, comparator, sizeof *comparator);
        change(in, CIVID_PARAMETERS_FUSION, fusion, sizeof *fusion);
        rules.comparator = comparator, rules.fusion = fusion;
    }
    if (how >> 4 == 15) rules.flags = (int32_t)take(in, 4);
    if (how >> 4 == 14) {
        const uint32_t bits[2] = {take(in, 4), take(in, 4)};
        memcpy(&rules.decided, bits, 4), memcpy(&rules.hopeless, bits + 1, 4);
    }
    return rules;
}

static void explain(const people_t *a, const people_t *b, const civid_candidate_t *c,
                    const civid_rules_t *rules, void *scratch, uint64_t size) {
    civid_candidate_t again;
    civid_evidence_t evidence[CIVID_POSITIONS];
    static civid_pair_t pairs[CIVID_MAX_PAIRS];
    int32_t terms = -1, all = 0;
    REQUIRE(civid_search_evidence(&a->subjects, c->probe, &b->subjects, c->reference, rules,
                                  scratch, size, &again, evidence, &terms, pairs,
                                  CIVID_MAX_PAIRS) == CIVID_OK);
    REQUIRE(terms == c->terms && again.terms == terms && again.score == c->score);
    for (int32_t t = 0; t < terms; t++) {
        REQUIRE(evidence[t].score >= 0 && evidence[t].compared >= 1);
        REQUIRE(evidence[t].probe_position < CIVID_POSITIONS);
        REQUIRE(evidence[t].reference_position < CIVID_POSITIONS);
        all += evidence[t].pairs;
    }
    REQUIRE(all >= 0 && all <= CIVID_MAX_PAIRS);
}

static void search(input_t *in, const people_t *a, const people_t *b) {
    enum { ROOM = PEOPLE * PEOPLE };
    uint64_t size;
    REQUIRE(civid_compare_scratch_size(&size) == CIVID_OK);
    void *scratch = lend(&scratch_of, size);
    civid_comparator_t comparator;
    civid_fusion_t fusion;
    const civid_rules_t rules = rules_of(in, &comparator, &fusion);
    const civid_rules_t *how = take(in, 1) % 4 ? &rules : NULL;
    const int64_t probe = (int64_t)(take(in, 1) % (PEOPLE + 2)) - 1;
    const int64_t begin = take(in, 1) % 3, keep = take(in, 1) % (PEOPLE + 1);
    const float least = (float)take(in, 1) - 8.0f;
    civid_candidate_t best[PEOPLE], all[ROOM];
    int64_t found = -1, pairs = -1;
    const civid_status one = civid_search(&a->subjects, probe, &b->subjects, begin, PEOPLE, how,
                                          least, scratch, size, best, keep, &found);
    REQUIRE(one == CIVID_OK || found == 0);
    REQUIRE(found >= 0 && found <= keep);
    for (int64_t k = 0; k < found; k++) {
        const civid_candidate_t *c = &best[k];
        REQUIRE(c->probe == probe && c->reference >= begin && c->reference < PEOPLE);
        REQUIRE(c->terms > 0 && c->score >= least && b->alive[c->reference]);
        REQUIRE(k == 0 || c[-1].score > c->score ||
                (c[-1].score == c->score && c[-1].reference < c->reference));
        explain(a, b, c, how, scratch, size);
    }
    const civid_status many =
        civid_search_pairs(&a->subjects, probe, PEOPLE, &b->subjects, begin, PEOPLE,
                           (int32_t)(take(in, 1) % 2), how, least, scratch, size, all, ROOM, &pairs);
    REQUIRE(many == CIVID_OK || pairs == 0);
    for (int64_t k = 0; k < pairs; k++)
        REQUIRE(all[k].probe >= probe && all[k].probe < PEOPLE && all[k].reference >= begin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static people_t a, b;
    input_t in = {data, size};
    const uint32_t mode = take(&in, 1);
    float scores[CIVID_POSITIONS], fused;
    gather_people(&in, &a), gather_people(&in, &b);
    if (mode & 1) damage_people(&in, &a);
    if (mode & 2) damage_people(&in, &b);
    search(&in, &a, mode & 4 ? &b : &a);
    for (int32_t k = 0; k < CIVID_POSITIONS; k++) {
        const uint32_t bits = take(&in, mode & 8 ? 4 : 1);
        memcpy(&scores[k], &bits, 4);
        if (!(mode & 8)) scores[k] = (float)bits;
    }
    if (civid_fuse(scores, (int32_t)(mode >> 4) - 1, NULL, &fused) == CIVID_OK)
        REQUIRE(fused >= 0);
    return 0;
}
