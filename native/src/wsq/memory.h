/* memory.h - how the caller's workspace is divided. */
#ifndef CIVID_WSQ_MEMORY_H
#define CIVID_WSQ_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "wsq/wavelet/filters.h"

enum { WSQ_ALIGNMENT = 64 }; /* bytes; a line of the cache */

typedef struct {
    unsigned char *base; /* NULL: only count */
    uint64_t used;
} civid__wsq_memory_t;

static inline void *civid__wsq_divide(civid__wsq_memory_t *memory, uint64_t bytes) {
    void *at = memory->base ? memory->base + memory->used : NULL;
    memory->used += (bytes + WSQ_ALIGNMENT - 1) / WSQ_ALIGNMENT * WSQ_ALIGNMENT;
    return at;
}

/* Half a row of samples, with WSQ_PAD of them on either side. */
static inline float *civid__wsq_divide_line(civid__wsq_memory_t *memory, int32_t width) {
    const uint64_t samples = (uint64_t)width / 2 + 1 + 2 * WSQ_PAD;
    float *start = civid__wsq_divide(memory, samples * sizeof(float));
    return start ? start + WSQ_PAD : NULL;
}

#endif
