/* agreement.c - do the partners agree on a rotation and a translation? In whole numbers: the same
 * on every CPU. Each partner votes with how near it is; the most votes within five of 32 steps of
 * rotation win, and of these the most within a square of 24 px around one of them. */
#include <stdlib.h>

#include "tables/wave_table.h"
#include "search/scan/scan.h"

enum {
    STEPS = CIVID__AGREE_STEPS,
    SIDE = CIVID__AGREE_SIDE,
    CELL = CIVID__AGREE_SQUARE * CIVID__UNITS_PER_PX
};

typedef struct {
    int32_t votes;
    int32_t weight[CIVID__PARTNERS_ROOM];
    int32_t probe[CIVID__PARTNERS_ROOM], reference[CIVID__PARTNERS_ROOM];
    int32_t turn[CIVID__PARTNERS_ROOM]; /* 256 a turn */
} ballot_t;

static void vote(const civid__points_t *p, const civid__points_t *r, const uint16_t *partner,
                 ballot_t *ballot) {
    int32_t votes = 0;
    for (int32_t i = 0; i < p->count; i++) {
        const int32_t weight = CIVID__AGREE_NEAR - (partner[i] >> 8);
        if (weight <= 0) continue;
        const int32_t j = partner[i] & 0xff;
        ballot->weight[votes] = weight;
        ballot->probe[votes] = i;
        ballot->reference[votes] = j;
        ballot->turn[votes++] = (uint8_t)(r->angle[j] - p->angle[i]);
    }
    ballot->votes = votes;
}

/* Is a turn within SIDE steps of this one? */
static int32_t near_step(int32_t turn, int32_t step) {
    const int32_t off = ((turn >> 3) - step) & (STEPS - 1);
    return off <= SIDE || off >= STEPS - SIDE;
}

/* The step with the most votes around it, and the weighted mean of their turns. */
static uint8_t rotation(const ballot_t *ballot, int32_t *step) {
    int32_t votes[STEPS] = {0}, best = -1;
    for (int32_t v = 0; v < ballot->votes; v++) votes[ballot->turn[v] >> 3] += ballot->weight[v];
    for (int32_t k = 0; k < STEPS; k++) {
        int32_t sum = 0;
        for (int32_t d = -SIDE; d <= SIDE; d++) sum += votes[(k + d) & (STEPS - 1)];
        if (sum > best) best = sum, *step = k;
    }
    int32_t total = 0, moment = 0;
    const int32_t centre = *step * 8 + 4;
    for (int32_t v = 0; v < ballot->votes; v++) {
        if (!near_step(ballot->turn[v], *step)) continue;
        const int32_t off = (int8_t)(uint8_t)(ballot->turn[v] - centre);
        total += ballot->weight[v];
        moment += ballot->weight[v] * off;
    }
    return (uint8_t)(centre + (total ? moment / total : 0));
}

int32_t civid__agreement(const civid__points_t *probe, const civid__points_t *reference,
                         const uint16_t *partner) {
    ballot_t ballot;
    vote(probe, reference, partner, &ballot);
    if (ballot.votes == 0) return 0;
    int32_t step = 0;
    const uint8_t turn = rotation(&ballot, &step);
    const int32_t c = civid__cosine(turn), s = civid__sine(turn);
    int32_t x[CIVID__PARTNERS_ROOM], y[CIVID__PARTNERS_ROOM], weight[CIVID__PARTNERS_ROOM];
    int32_t count = 0;
    for (int32_t v = 0; v < ballot.votes; v++) {
        if (!near_step(ballot.turn[v], step)) continue;
        const int32_t i = ballot.probe[v], j = ballot.reference[v];
        x[count] = reference->x[j] - ((c * probe->x[i] - s * probe->y[i]) >> 14);
        y[count] = reference->y[j] - ((s * probe->x[i] + c * probe->y[i]) >> 14);
        weight[count++] = ballot.weight[v];
    }
    int32_t best = 0;
    for (int32_t v = 0; v < count; v++) {
        int32_t sum = 0;
        for (int32_t u = 0; u < count; u++)
            sum += ((abs(x[u] - x[v]) < CELL) & (abs(y[u] - y[v]) < CELL)) ? weight[u] : 0;
        if (sum > best) best = sum;
    }
    return best;
}
