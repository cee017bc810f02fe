/* segments.h - the segments of a stream, one after the other. */
#ifndef CIVID_WSQ_SEGMENTS_H
#define CIVID_WSQ_SEGMENTS_H

#include "civid.h"
#include "wsq/read/cursor.h"
#include "wsq/tables.h"

/* Encoders write three blocks and about ten others. */
#define WSQ_MOST_SEGMENTS 256

/* Everything that is known of a stream so far. */
typedef struct {
    const uint8_t *data, *at, *end;
    civid_wsq_place_t place; /* of the segment that is read */
    int32_t segments;        /* that were read */
    int32_t has_frame, has_filters, has_bins, has_block;
    civid__wsq_frame_t frame;
    civid__wsq_filters_t filters; /* for synthesis */
    civid__wsq_bins_t bins;
    civid__wsq_codes_t codes[WSQ_HUFFMAN_TABLES];
} civid__wsq_stream_t;

/* Begin at the start of image. */
civid_status civid__wsq_open(civid__wsq_stream_t *stream, const uint8_t *data, uint64_t size);
/* Read segments up to and with the next that is a start of frame, a start of block or the end of the
 * image: its marker goes to place.marker, the Huffman table of a block to table. */
civid_status civid__wsq_advance(civid__wsq_stream_t *stream, int32_t *table);

/* The bodies of segments; 0: damaged. */
int32_t civid__wsq_read_frame(civid__wsq_cursor_t *body, civid__wsq_frame_t *frame);
int32_t civid__wsq_read_filters(civid__wsq_cursor_t *body, civid__wsq_filters_t *filters);
int32_t civid__wsq_read_bins(civid__wsq_cursor_t *body, civid__wsq_bins_t *bins);
int32_t civid__wsq_read_codes(civid__wsq_cursor_t *body, civid__wsq_codes_t *tables);

#endif
