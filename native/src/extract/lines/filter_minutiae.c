/* filter_minutiae.c - minutiae that the end of the print makes, or noise. */
#include "extract/extract_stages.h"

static int32_t inside(const civid__frame_t *f, float x, float y) {
    if (!(x >= 0 && y >= 0 && x < (float)f->width && y < (float)f->height)) return 0;
    return f->mask[civid__block(f, (int32_t)x, (int32_t)y)];
}

/* Does the print end all too near? An ending is made by the border when the border is in front of
 * it, where its ridge would have gone on. */
static int32_t at_border(const civid__frame_t *f, const civid_minutia_t *m) {
    const float round = (float)f->parameters.border_distance;
    float s, c;
    civid__sincos(m->angle, &s, &c);
    if (m->kind == CIVID_KIND_ENDING)
        for (int32_t d = 2; d <= f->parameters.border_ahead; d += 2)
            if (!inside(f, m->x - c * (float)d, m->y + s * (float)d)) return 1;
    static const float ring[8][2] = {{1, 0},  {0.7f, 0.7f},   {0, 1},  {-0.7f, 0.7f},
                                     {-1, 0}, {-0.7f, -0.7f}, {0, -1}, {0.7f, -0.7f}};
    for (int32_t k = 0; k < 8; k++)
        if (!inside(f, m->x + ring[k][0] * round, m->y + ring[k][1] * round)) return 1;
    return 0;
}

void civid__filter_minutiae(civid__frame_t *f) {
    const civid_extraction_t *p = &f->parameters;
    civid_minutia_t *m = f->minutiae;
    int32_t n = 0;
    for (int32_t i = 0; i < f->count; i++)
        if (!at_border(f, &m[i])) m[n++] = m[i];
    /* quality is not set yet: it marks here what has to go */
    for (int32_t i = 0; i < n; i++) {
        int32_t near = 0;
        for (int32_t j = 0; j < n; j++) {
            const float dx = m[i].x - m[j].x, dy = m[i].y - m[j].y, d2 = dx * dx + dy * dy;
            if (j == i || d2 > p->crowd_radius * p->crowd_radius) continue;
            near++;
            if (d2 > p->twin_distance * p->twin_distance) continue;
            const float turn = fabsf(civid__angle_difference(m[i].angle, m[j].angle));
            if (turn > 0.5f * CIVID_PI) m[i].quality = 1;
        }
        if (near > p->crowd_most) m[i].quality = 1;
    }
    f->count = 0;
    for (int32_t i = 0; i < n; i++)
        if (m[i].quality == 0) m[f->count++] = m[i];
}
