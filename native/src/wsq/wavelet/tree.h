/* tree.h - how an image is split into sub-bands (IAFIS-IC-0110, figures 3 to 5). */
#ifndef CIVID_WSQ_TREE_H
#define CIVID_WSQ_TREE_H

#include <stdint.h>

#define WSQ_NODES 20
#define WSQ_BANDS 60 /* of 64: the four highest are never coded */

/* A rectangle of the image, as it lies among the sub-bands. */
typedef struct {
    int32_t x, y, width, height; /* px */
} civid__wsq_area_t;

/* One step of the transform: an area that is split both ways. Halves that are high-pass themselves
 * have a mirrored spectrum, so theirs are stored the other way round. */
typedef struct {
    civid__wsq_area_t area;
    int32_t high_left; /* the high-pass half lies to the left */
    int32_t high_top;  /* the high-pass half lies above */
} civid__wsq_node_t;

typedef struct {
    civid__wsq_node_t nodes[WSQ_NODES]; /* a parent before its children */
    civid__wsq_area_t bands[WSQ_BANDS]; /* in the order in which they are coded */
} civid__wsq_tree_t;

/* The tree of an image of this size, each side at least 1. */
void civid__wsq_tree(civid__wsq_tree_t *tree, int32_t width, int32_t height);

/* Pixels of one area. */
static inline int64_t civid__wsq_pixels(const civid__wsq_area_t *area) {
    return (int64_t)area->width * area->height;
}

#endif
