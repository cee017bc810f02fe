/* group.h - probes that go through lists together. */
#ifndef CIVID_SEARCH_GROUP_H
#define CIVID_SEARCH_GROUP_H

#include "search/inverted/inverted_looks.h"

/* Memory with which so many probes go through lists of so many subjects, as a rule. */
uint64_t civid__group_size(int64_t references, int64_t probes, int32_t cells);

/* Looks for the probes together and points `found` of each to what was found, in the memory. 0: there
 * is not room for all that lies near so many; nobody has anything then. */
int civid__look_together(civid__query_t *query, int64_t count, const civid__among_t *among,
                         int32_t flags, int32_t cells, void *memory, uint64_t size);

#endif
