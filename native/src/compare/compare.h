/* compare.h - the comparator from the inside, for search and for the tests. */
#ifndef CIVID_COMPARE_COMPARE_H
#define CIVID_COMPARE_COMPARE_H

#include "civid.h"
#include "compare/template/prepared.h"

/* Magic, version, count, size, extractor: CIVID_OK makes a template safe to compare, and costs nothing
 * beside a comparison. civid_prepared_check proves in addition that it is undamaged. */
civid_status civid__prepared_header(const void *prepared, uint64_t size);

/* Compare without any check: both passed civid__prepared_header, comparator civid__comparator,
 * scratch has sizeof(civid__scratch_t) bytes and is 64-byte aligned. Returns the raw similarity; the score
 * is civid__score of it. Symmetric, deterministic. */
int32_t civid__compare_prepared(const civid__prepared_t *probe, const civid__prepared_t *reference,
                                const civid_comparator_t *comparator, void *scratch);

/* The score of these two, which have passed civid__prepared_header. */
float civid__score(const civid__prepared_t *probe, const civid__prepared_t *reference, int32_t raw);

#endif
