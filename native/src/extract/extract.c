/* extract.c - the pipeline: a grey image in, its minutiae out. */
#include "civid.h"

#include <string.h>

#include "extract/extract_stages.h"
#include "extract/learned/field_features.h"
#include "extract/learned/fields_network.h"

/* The longest side that can become CIVID_MAX_SIDE; keeps products of sides inside 64 bits. */
#define MAX_INPUT_SIDE (CIVID_MAX_SIDE * (CIVID_MAX_DPI / 500) + CIVID_MAX_DPI)

static civid_status measure(int32_t width, int32_t height, double dpi, int32_t learned,
                            int32_t *out_width, int32_t *out_height, uint64_t *workspace_size) {
    if (!out_width || !out_height || !workspace_size) return CIVID_E_NULL;
    if (!(dpi >= CIVID_MIN_DPI && dpi <= CIVID_MAX_DPI)) return CIVID_E_DPI;
    if (width < 1 || height < 1 || width > MAX_INPUT_SIDE || height > MAX_INPUT_SIDE)
        return CIVID_E_DIMENSIONS;
    civid__output_size(width, height, dpi, out_width, out_height);
    if (*out_width < CIVID_MIN_SIDE || *out_height < CIVID_MIN_SIDE ||
        *out_width > CIVID_MAX_SIDE || *out_height > CIVID_MAX_SIDE)
        return CIVID_E_DIMENSIONS;
    civid__frame_t f;
    *workspace_size = civid__layout(&f, width, height, dpi, learned, NULL);
    return CIVID_OK;
}

civid_status civid_extract_size(int32_t width, int32_t height, double dpi, int32_t *out_width,
                                int32_t *out_height, uint64_t *workspace_size) {
    return measure(width, height, dpi, 0, out_width, out_height, workspace_size);
}

civid_status civid_extract_learned_size(int32_t width, int32_t height, double dpi,
                                        int32_t *out_width, int32_t *out_height,
                                        uint64_t *workspace_size) {
    return measure(width, height, dpi, 1, out_width, out_height, workspace_size);
}

/* Best first; ties by place, so that the order never depends on the sort. */
static int32_t is_better(const civid_minutia_t *a, const civid_minutia_t *b) {
    if (a->quality != b->quality) return a->quality > b->quality;
    return a->y != b->y ? a->y < b->y : a->x < b->x;
}

/* The best of the minutiae in the caller's buffer, sorted; returns how many. */
static int32_t keep_best(const civid__frame_t *f, civid_minutia_t *out, int32_t capacity) {
    int32_t n = 0;
    if (capacity > CIVID_MAX_MINUTIAE) capacity = CIVID_MAX_MINUTIAE;
    for (int32_t i = 0; i < f->count; i++) {
        int32_t at = n < capacity ? n++ : capacity;
        for (; at > 0 && is_better(&f->minutiae[i], &out[at - 1]); at--)
            if (at < capacity) out[at] = out[at - 1];
        if (at < capacity) out[at] = f->minutiae[i];
    }
    return n;
}

static float share(const civid__frame_t *f) {
    int32_t on = 0;
    for (int32_t b = 0; b < f->blocks; b++) on += f->mask[b];
    return (float)on / (float)f->blocks;
}

/* Directions, periods, what the filters make of the picture, and where there is print. From `raw` of
 * the picture as it came, and the first mask. */
static void look(civid__frame_t *f) {
    memset(f->cosine, 0, (size_t)f->blocks * sizeof(float));
    memset(f->sine, 0, (size_t)f->blocks * sizeof(float));
    civid__orientation(f, NULL, 1.0f);
    if (f->given.cosine) civid__take_direction(f);
    if (f->given.period)
        civid__take_period(f);
    else
        civid__ridge_period(f);
    civid__select_filter(f);
    civid__enhance(f);
    civid__structure_tensor(f, f->enhanced, f->raw);
    civid__orientation(f, f->energy, f->parameters.second_look);
    if (f->given.cosine && !f->given.look_again) civid__take_direction(f);
    civid__select_filter(f);
    civid__enhance(f);
    civid__foreground(f);
}

/* Another look, with directions that the network made of the first one. */
static void look_as_learned(civid__frame_t *f) {
    civid__field_features(f);
    civid__fields_network(f);
    f->given.cosine = f->learned_cosine, f->given.sine = f->learned_sine;
    memcpy(f->mask, f->first_mask, (size_t)f->blocks);
    civid__dilate(f->mask, f->mask_wide, f->blocks_x, f->blocks_y, 1);
    look(f);
}

static civid_status run(const uint8_t *pixels, int32_t width, int32_t height, int64_t stride,
                        double dpi, const civid_extraction_t *parameters,
                        const civid_fields_t *fields, int32_t learned, void *workspace,
                        uint64_t workspace_size, civid_minutia_t *minutiae, int32_t capacity,
                        civid_print_t *print, civid_figures_t *figures, civid_capture_t *captures,
                        int32_t capture_count) {
    if (!pixels || !workspace || !print || (capacity > 0 && !minutiae)) return CIVID_E_NULL;
    if (capture_count > 0 && !captures) return CIVID_E_NULL;
    if (capacity < 0 || capture_count < 0) return CIVID_E_VALUE;
    int32_t out_width, out_height;
    uint64_t needed;
    civid_status status =
        measure(width, height, dpi, learned, &out_width, &out_height, &needed);
    if (status != CIVID_OK) return status;
    if (stride < width) return CIVID_E_DIMENSIONS;
    if (workspace_size < needed) return CIVID_E_CAPACITY;
    if ((uintptr_t)workspace % 64 != 0) return CIVID_E_VALUE;
    int32_t field;
    if (parameters)
        status = civid_parameters_check(CIVID_PARAMETERS_EXTRACTION, parameters,
                                        sizeof *parameters, &field);
    if (status != CIVID_OK) return status;
    for (int32_t i = 0; i < capture_count; i++) {
        if (captures[i].stage < 0 || captures[i].stage >= CIVID_STAGE_COUNT) return CIVID_E_VALUE;
        if (captures[i].stage == CIVID_STAGE_FEATURES && !learned) return CIVID_E_VALUE;
        captures[i].width = captures[i].height = captures[i].item_size = 0;
    }

    civid__frame_t frame, *f = &frame;
    civid__layout(f, width, height, dpi, learned, workspace);
    if (parameters)
        f->parameters = *parameters;
    else
        (void)civid_parameters_defaults(CIVID_PARAMETERS_EXTRACTION, &f->parameters,
                                        sizeof f->parameters);
    f->given = fields ? *fields : (civid_fields_t){0};
    if (fields && (status = civid__check_fields(f)) != CIVID_OK) return status;
    memset(f->bank_used, 0, ORIENTATIONS * PERIODS);

#define DONE(stage)                                                                     \
    if (capture_count > 0) {                                                            \
        if ((status = civid__capture(f, (stage), captures, capture_count)) != CIVID_OK) \
            return status;                                                              \
    }
    civid__resample(f, pixels, width, height, stride, dpi);
    DONE(CIVID_STAGE_RESAMPLED)
    civid__contrast(f);
    civid__normalize(f);
    DONE(CIVID_STAGE_NORMALIZED)
    civid__structure_tensor(f, f->normal, f->raw);
    memcpy(f->energy, f->raw.energy, (size_t)f->blocks * sizeof(float));
    if (learned) memcpy(f->first_mask, f->mask, (size_t)f->blocks);
    look(f);
    if (learned) {
        look_as_learned(f);
        DONE(CIVID_STAGE_FEATURES)
    }
    DONE(CIVID_STAGE_MASK)
    DONE(CIVID_STAGE_ORIENTATION)
    DONE(CIVID_STAGE_COHERENCE)
    DONE(CIVID_STAGE_PERIOD)
    DONE(CIVID_STAGE_ENHANCED)
    civid__binarize(f);
    civid__remove_specks(f);
    if (figures) civid__figures_of_ridges(f, figures);
    DONE(CIVID_STAGE_BINARY)
    civid__thin(f);
    if (figures) civid__figures_of_lines(f, figures);
    DONE(CIVID_STAGE_SKELETON)
    civid__repair_skeleton(f);
    civid__find_minutiae(f);
    DONE(CIVID_STAGE_RAW_MINUTIAE)
    civid__filter_minutiae(f);
    civid__block_quality(f);
    civid__minutia_quality(f);
    DONE(CIVID_STAGE_QUALITY)
#undef DONE

    *print = (civid_print_t){
        .width = f->width,
        .height = f->height,
        .minutiae = keep_best(f, minutiae, capacity),
        .quality = civid__print_quality(f),
        .foreground = share(f),
        .period = f->period_median,
    };
    return CIVID_OK;
}

civid_status civid_extract(const uint8_t *pixels, int32_t width, int32_t height, int64_t stride,
                           double dpi, const civid_extraction_t *parameters, void *workspace,
                           uint64_t workspace_size, civid_minutia_t *minutiae, int32_t capacity,
                           civid_print_t *print, civid_figures_t *figures, civid_capture_t *captures,
                           int32_t capture_count) {
    return run(pixels, width, height, stride, dpi, parameters, NULL, 0, workspace, workspace_size,
               minutiae, capacity, print, figures, captures, capture_count);
}

civid_status civid_extract_learned(
    const uint8_t *pixels, int32_t width, int32_t height, int64_t stride, double dpi,
    const civid_extraction_t *parameters, void *workspace, uint64_t workspace_size,
    civid_minutia_t *minutiae, int32_t capacity, civid_print_t *print, civid_figures_t *figures,
    civid_capture_t *captures, int32_t capture_count) {
    return run(pixels, width, height, stride, dpi, parameters, NULL, 1, workspace, workspace_size,
               minutiae, capacity, print, figures, captures, capture_count);
}

civid_status civid_extract_with_fields(
    const uint8_t *pixels, int32_t width, int32_t height, int64_t stride, double dpi,
    const civid_extraction_t *parameters, const civid_fields_t *fields, void *workspace,
    uint64_t workspace_size, civid_minutia_t *minutiae, int32_t capacity, civid_print_t *print,
    civid_figures_t *figures, civid_capture_t *captures, int32_t capture_count) {
    return run(pixels, width, height, stride, dpi, parameters, fields, 0, workspace, workspace_size,
               minutiae, capacity, print, figures, captures, capture_count);
}
