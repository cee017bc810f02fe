/* swapped.c - sets of fingers whose labels may be wrong.
 *
 * The score is the best of these, each less its price in units of score:
 *   a. as labelled;
 *   b. left and right hand mixed, finger by finger (thumb for thumb, index for index);
 *   c. a hand's slap taken for the other hand's, so that its fingers count from the wrong end
 *      (index for the other's little finger);
 *   d. two positions exchanged, divided by the number of exchanges that change anything;
 *   e. any finger for any, all of the smaller set, divided by the number of such assignments.
 * a-d follow the rules of labelled.c. The prices are a weighted Bonferroni correction: with weights
 * w = 10^(-price/10) that add up to at most 1, the chance that an impostor reaches s in any way is
 * at most the sum of w 10^(-s/10), whatever the ways have in common. So the score keeps its
 * meaning and errs on the safe side. Every way is its own mirror image in the two sets, which
 * makes the score symmetric. */
#include <string.h>

#include "search/match/assign.h"
#include "search/match/fuse.h"
#include "search/match/table.h"

static const civid__labels_t labelled = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};
static const civid__labels_t other_hand = {{0, 6, 7, 8, 9, 10, 1, 2, 3, 4, 5}};
static const civid__labels_t other_slap = {{0, 6, 10, 9, 8, 7, 1, 5, 4, 3, 2}};

/* Keep the better one; the earlier among equals. */
static void consider(const civid__match_t *match, double price, civid__match_t *best) {
    const float score = (float)((double)match->score - price);
    if (match->terms == 0 || (best->terms > 0 && score <= best->score)) return;
    *best = *match;
    best->score = score;
}

static civid_status relabelled(civid__table_t *table, const civid__labels_t *labels, double price,
                               civid__match_t *best) {
    civid__match_t match;
    const civid_status status = civid__match_labelled(table, labels, &match);
    if (status == CIVID_OK) consider(&match, price, best);
    return status;
}

/* Does exchanging two positions bring together fingers that were not? */
static int matters(const civid__table_t *table, int32_t a, int32_t b) {
    return (table->probe[a] >= 0 && table->reference[b] >= 0) ||
           (table->probe[b] >= 0 && table->reference[a] >= 0);
}

static civid_status exchanged(civid__table_t *table, civid__match_t *best) {
    int32_t count = 0;
    for (int32_t a = 1; a < CIVID_POSITIONS; a++)
        for (int32_t b = a + 1; b < CIVID_POSITIONS; b++) count += matters(table, a, b);
    if (count == 0) return CIVID_OK;
    const double price = table->rules.fusion->price_exchanged + civid__decibels(count);
    for (int32_t a = 1; a < CIVID_POSITIONS; a++)
        for (int32_t b = a + 1; b < CIVID_POSITIONS; b++) {
            if (!matters(table, a, b)) continue;
            civid__labels_t labels = labelled;
            labels.label[a] = (uint8_t)b;
            labels.label[b] = (uint8_t)a;
            const civid_status status = relabelled(table, &labels, price, best);
            if (status != CIVID_OK) return status;
        }
    return CIVID_OK;
}

static int32_t present(const int64_t *finger, int32_t *position) {
    int32_t count = 0;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        if (finger[i] >= 0) position[count++] = i;
    return count;
}

static civid_status any(civid__table_t *table, civid__match_t *best) {
    int32_t probe[CIVID_POSITIONS], reference[CIVID_POSITIONS], column_of[CIVID_POSITIONS];
    const int32_t probes = present(table->probe, probe);
    const int32_t references = present(table->reference, reference);
    const int32_t few = probes < references ? probes : references;
    const int32_t many = probes < references ? references : probes;
    if (few == 0) return CIVID_OK;
    int64_t worth[CIVID_POSITIONS][CIVID_POSITIONS]; /* rows: the smaller set */
    const int32_t by_probe = probes <= references;
    civid_evidence_t term;
    for (int32_t i = 0; i < probes; i++)
        for (int32_t j = 0; j < references; j++) {
            const civid_status status = civid__table_at(table, probe[i], reference[j], &term);
            if (status != CIVID_OK) return status;
            /* Below the score's last bit the labels decide: where fingers have nothing to say,
             * they stay where they are. */
            const int64_t value = civid__fixed(term.score) * 16 + (probe[i] == reference[j]);
            *(by_probe ? &worth[i][j] : &worth[j][i]) = value;
        }
    civid__assign(worth, few, many, column_of);

    int32_t row_of[CIVID_POSITIONS];
    for (int32_t j = 0; j < CIVID_POSITIONS; j++) row_of[j] = -1;
    for (int32_t i = 0; i < few; i++) row_of[column_of[i]] = i;
    float scores[CIVID_POSITIONS];
    civid__match_t match;
    match.terms = 0;
    for (int32_t i = 0; i < probes; i++) {
        const int32_t j = by_probe ? column_of[i] : row_of[i];
        if (j < 0) continue;
        const civid_status status = civid__table_at(table, probe[i], reference[j], &term);
        if (status != CIVID_OK) return status;
        scores[match.terms] = term.score;
        match.evidence[match.terms++] = term;
    }
    double assignments = 1.0;
    for (int32_t i = 0; i < few; i++) assignments *= many - i;
    /* The greatest sum is one number, whichever assignment has it; so is what is made of it. */
    match.score = civid__fuse(scores, match.terms, table->rules.fusion);
    consider(&match, table->rules.fusion->price_any + civid__decibels(assignments), best);
    return CIVID_OK;
}

civid_status civid__match_swapped(civid__table_t *table, civid__match_t *match) {
    const civid_fusion_t *fusion = table->rules.fusion;
    memset(match, 0, sizeof *match);
    civid_status status = relabelled(table, &labelled, fusion->price_labelled, match);
    if (status == CIVID_OK)
        status = relabelled(table, &other_hand, fusion->price_other_hand, match);
    if (status == CIVID_OK)
        status = relabelled(table, &other_slap, fusion->price_other_slap, match);
    if (status == CIVID_OK) status = exchanged(table, match);
    if (status == CIVID_OK) status = any(table, match);
    if (match->score < 0.0f) match->score = 0.0f;
    return status;
}
