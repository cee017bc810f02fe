/* compare.c - placeholder until the comparator lands (not for release). */
#include "civid.h"

civid_status civid_prepared_size(int32_t count, uint64_t *size) {
    (void)count, (void)size;
    return CIVID_E_VALUE;
}
civid_status civid_prepare(const civid_minutia_t *minutiae, int32_t count, void *prepared,
                           uint64_t size) {
    (void)minutiae, (void)count, (void)prepared, (void)size;
    return CIVID_E_VALUE;
}
civid_status civid_prepared_check(const void *prepared, uint64_t size) {
    (void)prepared, (void)size;
    return CIVID_E_VALUE;
}
uint64_t civid_compare_scratch_size(void) { return 0; }
civid_status civid_compare(const void *probe, uint64_t probe_size, const void *reference,
                           uint64_t reference_size, void *scratch, uint64_t scratch_size,
                           civid_comparison_t *out, civid_pair_t *pairs, int32_t capacity) {
    (void)probe, (void)probe_size, (void)reference, (void)reference_size, (void)scratch;
    (void)scratch_size, (void)out, (void)pairs, (void)capacity;
    return CIVID_E_VALUE;
}
civid_status civid_compare_many(const void *probe, uint64_t probe_size, const void *block,
                                const uint64_t *offsets, int64_t count, void *scratch,
                                uint64_t scratch_size, float *scores) {
    (void)probe, (void)probe_size, (void)block, (void)offsets, (void)count, (void)scratch;
    (void)scratch_size, (void)scores;
    return CIVID_E_VALUE;
}
float civid_calibrate(int32_t raw) { (void)raw; return 0; }
