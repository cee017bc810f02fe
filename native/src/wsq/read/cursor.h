/* cursor.h - bounded reading of a stream: what is not there reads as 0 and is remembered. */
#ifndef CIVID_WSQ_CURSOR_H
#define CIVID_WSQ_CURSOR_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const uint8_t *at, *end;
    int32_t is_short; /* something was asked for beyond the end */
} civid__wsq_cursor_t;

static inline uint32_t civid__wsq_take(civid__wsq_cursor_t *cursor, size_t bytes) {
    uint32_t value = 0;
    if ((size_t)(cursor->end - cursor->at) < bytes) {
        cursor->is_short = 1;
        cursor->at = cursor->end;
        return 0;
    }
    for (; bytes > 0; bytes--) value = value << 8 | *cursor->at++;
    return value;
}

/* A number as WSQ writes it: an exponent of ten to divide by, then so many bytes. */
static inline float civid__wsq_take_scaled(civid__wsq_cursor_t *cursor, size_t bytes) {
    uint32_t exponent = civid__wsq_take(cursor, 1);
    float value = (float)civid__wsq_take(cursor, bytes);
    for (; exponent > 0 && value != 0; exponent--) value /= 10.0f;
    return value;
}

#endif
