/* extract.c - placeholder until the pipeline lands (not for release). */
#include "civid.h"

const char *civid_stage_name(int32_t stage) { (void)stage; return NULL; }

civid_status civid_extract_size(int32_t width, int32_t height, double dpi, int32_t *out_width,
                                int32_t *out_height, uint64_t *workspace_size) {
    (void)width, (void)height, (void)dpi, (void)out_width, (void)out_height, (void)workspace_size;
    return CIVID_E_VALUE;
}

civid_status civid_extract(const uint8_t *pixels, int32_t width, int32_t height, int64_t stride,
                           double dpi, void *workspace, uint64_t workspace_size,
                           civid_minutia_t *minutiae, int32_t capacity, civid_print_t *print,
                           civid_capture_t *captures, int32_t capture_count) {
    (void)pixels, (void)width, (void)height, (void)stride, (void)dpi, (void)workspace;
    (void)workspace_size, (void)minutiae, (void)capacity, (void)print, (void)captures;
    (void)capture_count;
    return CIVID_E_VALUE;
}
