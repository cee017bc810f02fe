/* compare.c - one comparison, and one probe against many references. */
#include "compare/compare.h"

#include <string.h>

#include "compare/comparator.h"
#include "compare/compare_stages.h"
#include "kernels.h"

civid_status civid_compare_scratch_size(uint64_t *size) {
    if (!size) return CIVID_E_NULL;
    *size = sizeof(civid__scratch_t);
    return CIVID_OK;
}

/* The order in which two templates are compared, whichever way they are given. It is that of their
 * minutiae, so that a raw similarity does not depend on who found them. */
static int32_t swapped(const civid__prepared_t *a, const civid__prepared_t *b) {
    if (a->count != b->count) return a->count > b->count;
    const uint64_t of_a = a->hash ^ civid__extractor_hash(a);
    const uint64_t of_b = b->hash ^ civid__extractor_hash(b);
    if (of_a != of_b) return of_a > of_b;
    return memcmp(a, b, a->size) > 0;
}

int32_t civid__compare_prepared(const civid__prepared_t *probe, const civid__prepared_t *reference,
                                const civid_comparator_t *comparator, void *scratch) {
    const int32_t swap = swapped(probe, reference);
    const civid__prepared_t *a = swap ? reference : probe, *b = swap ? probe : reference;
    civid__scratch_t *t = scratch;
    memset(&t->features, 0, sizeof t->features);
    t->with = comparator;
    if (a->count == 0) return 0;
    t->stride = civid__blocks(b->count) * CIVID__BLOCK;
    const civid__kernels_t *kernels = civid__kernels();
    kernels->distance(a, b, t->distance, t->row_best, t->column_best);
    civid__spread(a, &t->a);
    civid__spread(b, &t->b);
    civid__candidates(a, b, t);
    kernels->relate(t);
    kernels->relax(t);
    civid__cluster(t);
    civid__pair_minutiae(a, b, t);
    civid__common_area(a, b, t);
    return civid__second_look(t, civid__grow(a, b, t, civid__raw(&t->features)));
}

static civid_status check(const void *probe, uint64_t probe_size, const void *scratch,
                          uint64_t scratch_size) {
    if (!scratch) return CIVID_E_NULL;
    if (scratch_size < sizeof(civid__scratch_t)) return CIVID_E_CAPACITY;
    if ((uintptr_t)scratch % 64) return CIVID_E_VALUE;
    return civid__prepared_header(probe, probe_size);
}

civid_status civid_compare(const void *probe, uint64_t probe_size, const void *reference,
                           uint64_t reference_size, const civid_comparator_t *comparator,
                           void *scratch, uint64_t scratch_size, civid_comparison_t *out,
                           civid_pair_t *pairs, int32_t capacity) {
    if (!out) return CIVID_E_NULL;
    civid_status status = check(probe, probe_size, scratch, scratch_size);
    if (status == CIVID_OK) status = civid__comparator(comparator, &comparator);
    if (status == CIVID_OK) status = civid__prepared_header(reference, reference_size);
    if (status != CIVID_OK) return status;
    if (capacity < 0) return CIVID_E_VALUE;
    out->raw = civid__compare_prepared(probe, reference, comparator, scratch);
    out->score = civid__score(probe, reference, out->raw);
    const civid__scratch_t *t = scratch;
    out->pairs = t->features.pairs;
    if (!pairs) return CIVID_OK;
    const uint8_t *first = swapped(probe, reference) ? t->pair_b : t->pair_a;
    const uint8_t *second = first == t->pair_a ? t->pair_b : t->pair_a;
    for (int32_t k = 0; k < out->pairs && k < capacity; k++) {
        pairs[k].probe = civid__indices(probe)[first[k]];
        pairs[k].reference = civid__indices(reference)[second[k]];
    }
    return CIVID_OK;
}

civid_status civid_compare_many(const void *probe, uint64_t probe_size, const void *block,
                                const uint64_t *offsets, int64_t count,
                                const civid_comparator_t *comparator, void *scratch,
                                uint64_t scratch_size, float *scores) {
    if (count < 0) return CIVID_E_VALUE;
    if (count > 0 && (!block || !offsets || !scores)) return CIVID_E_NULL;
    civid_status status = check(probe, probe_size, scratch, scratch_size);
    if (status == CIVID_OK) status = civid__comparator(comparator, &comparator);
    if (status != CIVID_OK) return status;
    for (int64_t i = 0; i < count; i++) {
        if (offsets[i + 1] < offsets[i]) return CIVID_E_VALUE;
        const void *reference = (const uint8_t *)block + offsets[i];
        status = civid__prepared_header(reference, offsets[i + 1] - offsets[i]);
        if (status != CIVID_OK) return status;
        const int32_t raw = civid__compare_prepared(probe, reference, comparator, scratch);
        scores[i] = civid__score(probe, reference, raw);
    }
    return CIVID_OK;
}
