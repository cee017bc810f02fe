/* blocks.h - coded data become numbers of bins. */
#ifndef CIVID_WSQ_BLOCKS_H
#define CIVID_WSQ_BLOCKS_H

#include "wsq/read/codes.h"
#include "wsq/read/segments.h"

enum { WSQ_SLACK = 64 }; /* items that may be written beyond those that count */

typedef struct {
    int16_t *at, *end; /* WSQ_SLACK more may be written */
} civid__wsq_sink_t;

/* One block, from stream->at on, which ends before a marker. */
civid_status civid__wsq_read_block(civid__wsq_stream_t *stream, const civid__wsq_lookup_t *lookup,
                                   civid__wsq_sink_t *sink);

#endif
