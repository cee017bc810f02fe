/* sink.h - bounded writing of a stream: what does not fit is left out and remembered. */
#ifndef CIVID_WSQ_SINK_H
#define CIVID_WSQ_SINK_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t *at, *end;
    int32_t is_full;
} civid__wsq_out_t;

static inline void civid__wsq_give(civid__wsq_out_t *out, uint32_t value, int32_t bytes) {
    if (out->end - out->at < bytes) {
        out->is_full = 1;
        return;
    }
    for (int32_t i = bytes - 1; i >= 0; i--) *out->at++ = (uint8_t)(value >> (8 * i));
}

#endif
