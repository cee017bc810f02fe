/* tree.c - how an image is split into sub-bands. */
#include "wsq/wavelet/tree.h"

/* Quarters of an area, in the order in which their sub-bands are coded. */
enum { TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT };

typedef struct {
    int8_t parent, quarter;
} place_t;

/* Nodes: the image, three of its quarters, three quarters of its first one, and so on. */
static const place_t node_places[WSQ_NODES] = {
    {-1, TOP_LEFT},   {0, TOP_LEFT},   {0, TOP_RIGHT},    {0, BOTTOM_LEFT},   {1, TOP_RIGHT},
    {1, BOTTOM_LEFT}, {4, TOP_LEFT},   {4, TOP_RIGHT},    {4, BOTTOM_LEFT},   {4, BOTTOM_RIGHT},
    {5, TOP_LEFT},    {5, TOP_RIGHT},  {5, BOTTOM_LEFT},  {5, BOTTOM_RIGHT},  {1, TOP_LEFT},
    {14, TOP_LEFT},   {14, TOP_RIGHT}, {14, BOTTOM_LEFT}, {14, BOTTOM_RIGHT}, {15, TOP_LEFT},
};

/* Runs of sub-bands: the quarters first .. 3 of one node each. */
static const struct {
    int8_t node, first, last;
} band_runs[] = {
    {19, TOP_LEFT, BOTTOM_RIGHT}, {15, TOP_RIGHT, BOTTOM_RIGHT},   {16, TOP_LEFT, BOTTOM_RIGHT},
    {17, TOP_LEFT, BOTTOM_RIGHT}, {18, TOP_LEFT, BOTTOM_RIGHT},    {6, TOP_LEFT, BOTTOM_RIGHT},
    {7, TOP_LEFT, BOTTOM_RIGHT},  {8, TOP_LEFT, BOTTOM_RIGHT},     {9, TOP_LEFT, BOTTOM_RIGHT},
    {10, TOP_LEFT, BOTTOM_RIGHT}, {11, TOP_LEFT, BOTTOM_RIGHT},    {12, TOP_LEFT, BOTTOM_RIGHT},
    {13, TOP_LEFT, BOTTOM_RIGHT}, {1, BOTTOM_RIGHT, BOTTOM_RIGHT}, {2, TOP_LEFT, BOTTOM_RIGHT},
    {3, TOP_LEFT, BOTTOM_RIGHT},
};

static civid__wsq_area_t quarter_of(const civid__wsq_node_t *node, int32_t quarter) {
    const civid__wsq_area_t *a = &node->area;
    /* Of an odd length, the low-pass half has one more. */
    const int32_t left = (a->width + !node->high_left) / 2;
    const int32_t top = (a->height + !node->high_top) / 2;
    const int32_t is_right = quarter & 1, is_below = quarter >> 1;
    return (civid__wsq_area_t){
        .x = a->x + (is_right ? left : 0),
        .y = a->y + (is_below ? top : 0),
        .width = is_right ? a->width - left : left,
        .height = is_below ? a->height - top : top,
    };
}

void civid__wsq_tree(civid__wsq_tree_t *tree, int32_t width, int32_t height) {
    tree->nodes[0] = (civid__wsq_node_t){{0, 0, width, height}, 0, 0};
    for (int32_t i = 1; i < WSQ_NODES; i++) {
        const place_t *place = &node_places[i];
        tree->nodes[i].area = quarter_of(&tree->nodes[place->parent], place->quarter);
        tree->nodes[i].high_left = place->quarter & 1;
        tree->nodes[i].high_top = place->quarter >> 1;
    }
    int32_t band = 0;
    for (uint32_t run = 0; run < sizeof band_runs / sizeof *band_runs; run++)
        for (int32_t q = band_runs[run].first; q <= band_runs[run].last; q++)
            tree->bands[band++] = quarter_of(&tree->nodes[band_runs[run].node], q);
}
