/* segments.c - the segments of a stream, one after the other. */
#include "wsq/read/segments.h"

#include <string.h>

civid_status civid__wsq_open(civid__wsq_stream_t *stream, const uint8_t *data, uint64_t size) {
    memset(stream, 0, sizeof *stream);
    stream->data = stream->at = data;
    stream->end = data + size;
    stream->place.marker = WSQ_SOI;
    if (size < 2 || data[0] != 0xff || data[1] != WSQ_SOI) return CIVID_E_CORRUPT;
    stream->at += 2;
    return CIVID_OK;
}

/* The next marker and what its segment holds. */
static civid_status take_segment(civid__wsq_stream_t *stream, civid__wsq_cursor_t *body) {
    civid__wsq_cursor_t cursor = {stream->at, stream->end, 0};
    stream->place.offset = (uint64_t)(stream->at - stream->data);
    stream->place.marker = 0;
    const uint32_t marker = civid__wsq_take(&cursor, 2);
    if (cursor.is_short || marker >> 8 != 0xff) return CIVID_E_CORRUPT;
    stream->place.marker = (int32_t)(marker & 0xff);
    *body = (civid__wsq_cursor_t){cursor.at, cursor.at, 0};
    stream->at = cursor.at;
    if (stream->place.marker == WSQ_EOI) return CIVID_OK;
    if (stream->place.marker < WSQ_SOF || stream->place.marker > WSQ_COM) return CIVID_E_CORRUPT;
    if (++stream->segments > WSQ_MOST_SEGMENTS) return CIVID_E_CORRUPT;
    const uint32_t length = civid__wsq_take(&cursor, 2);
    if (cursor.is_short || length < 2 || (size_t)(cursor.end - cursor.at) < length - 2)
        return CIVID_E_CORRUPT;
    *body = (civid__wsq_cursor_t){cursor.at, cursor.at + (length - 2), 0};
    stream->at = body->end;
    return CIVID_OK;
}

/* What one segment says. Filters and bins are those of the whole image, so they come before its first
 * block, and Huffman tables before the blocks that need them. */
static int32_t read_segment(civid__wsq_stream_t *s, civid__wsq_cursor_t *body, int32_t *table) {
    switch (s->place.marker) {
    case WSQ_SOF:
        if (s->has_frame++) return 0;
        return civid__wsq_read_frame(body, &s->frame);
    case WSQ_DTT:
        s->has_filters = 1;
        return !s->has_block && civid__wsq_read_filters(body, &s->filters);
    case WSQ_DQT: s->has_bins = 1; return !s->has_block && civid__wsq_read_bins(body, &s->bins);
    case WSQ_DHT: return civid__wsq_read_codes(body, s->codes);
    case WSQ_SOB:
        s->has_block = 1;
        *table = (int32_t)civid__wsq_take(body, 1);
        return !body->is_short && s->has_frame && s->has_filters && s->has_bins &&
               *table < WSQ_HUFFMAN_TABLES && s->codes[*table].is_defined;
    case WSQ_EOI: return s->has_block;
    default: return 1; /* comments, and the restart interval, which the data say, too */
    }
}

civid_status civid__wsq_advance(civid__wsq_stream_t *stream, int32_t *table) {
    for (;;) {
        civid__wsq_cursor_t body;
        const civid_status status = take_segment(stream, &body);
        if (status != CIVID_OK) return status;
        if (!read_segment(stream, &body, table)) return CIVID_E_CORRUPT;
        const int32_t marker = stream->place.marker;
        if (marker == WSQ_SOF || marker == WSQ_SOB || marker == WSQ_EOI) return CIVID_OK;
    }
}
