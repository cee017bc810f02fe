/* compare_stages.h - the steps of one comparison, in the order in which they run. */
#ifndef CIVID_COMPARE_STAGES_H
#define CIVID_COMPARE_STAGES_H

#include "compare/scratch.h"

/* Spread a template out: px as float, directions as sine and cosine. */
void civid__spread(const civid__prepared_t *p, civid__side_t *side);
/* The minutiae most alike, best first: candidate_a, candidate_b, weight and their columns. */
void civid__candidates(const civid__prepared_t *a, const civid__prepared_t *b, civid__scratch_t *t);
/* pair_a, pair_b: a consistent one-to-one set of candidates. */
void civid__cluster(civid__scratch_t *t);
/* Move a onto b by the pairs, pair all minutiae that fall together, and again. */
void civid__pair_minutiae(const civid__prepared_t *a, const civid__prepared_t *b,
                          civid__scratch_t *t);
/* Its steps, for growing: the movement of the pairs; px, py, pc, ps: a moved by it; all pairs within
 * `distance` of a as it was moved and bent. */
civid__movement_t civid__movement_of(const civid__scratch_t *t);
void civid__move(civid__scratch_t *t, int32_t n, civid__movement_t m);
void civid__pair_near(civid__scratch_t *t, int32_t n, int32_t m, float distance);
/* How the minutiae that both prints could show bear witness: overlap, area and types. */
void civid__common_area(const civid__prepared_t *a, const civid__prepared_t *b,
                        civid__scratch_t *t);
/* The features in one number. */
int32_t civid__raw(const civid__features_t *features);
/* The same of a pairing that has grown outwards, where that is more; only a similarity that few
 * impostors reach is grown. */
int32_t civid__grow(const civid__prepared_t *a, const civid__prepared_t *b, civid__scratch_t *t,
                    int32_t raw);
/* The same, less where the pairs are no more than chance brings together where minutiae are dense,
 * more where they are; only a similarity that few impostors reach is looked at. */
int32_t civid__second_look(const civid__scratch_t *t, int32_t raw);

#endif
