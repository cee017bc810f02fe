/* memory.h - what C11 promises and Windows lacks: aligned_alloc, which there wants a free of its own. */
#ifndef CIVID_TESTS_MEMORY_H
#define CIVID_TESTS_MEMORY_H

#include <stdlib.h>

#ifdef _WIN32
#include <malloc.h>
#define aligned_alloc(alignment, size) _aligned_malloc(size, alignment)
#define malloc(size) _aligned_malloc(size, 16)
#define free(memory) _aligned_free(memory)
#endif

#endif
