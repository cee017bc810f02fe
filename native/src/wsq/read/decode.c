/* decode.c - a WSQ stream in, its pixels out. */
#include "civid.h"
#include "wsq/memory.h"
#include "wsq/read/bands.h"
#include "wsq/read/blocks.h"
#include "wsq/wavelet/join.h"

typedef struct {
    float *values, *spare;
    int16_t *numbers;
    civid__wsq_lines_t lines;
} workspace_t;

static uint64_t layout(workspace_t *w, const civid__wsq_tree_t *tree, void *base) {
    civid__wsq_memory_t memory = {base, 0};
    const uint64_t pixels = (uint64_t)civid__wsq_pixels(&tree->nodes[0].area);
    const int32_t width = tree->nodes[0].area.width;
    w->values = civid__wsq_divide(&memory, pixels * sizeof(float));
    w->spare = civid__wsq_divide(&memory,
                                 (uint64_t)civid__wsq_pixels(&tree->nodes[1].area) * sizeof(float));
    w->numbers = civid__wsq_divide(&memory, (pixels + WSQ_SLACK) * sizeof(int16_t));
    w->lines.low = civid__wsq_divide_line(&memory, width);
    w->lines.high = civid__wsq_divide_line(&memory, width);
    w->lines.even = civid__wsq_divide_line(&memory, width);
    w->lines.odd = civid__wsq_divide_line(&memory, width);
    return memory.used;
}

static civid_status read_head(civid__wsq_stream_t *stream, civid__wsq_tree_t *tree,
                              const uint8_t *data, uint64_t size) {
    int32_t table = 0;
    civid_status status = civid__wsq_open(stream, data, size);
    if (status == CIVID_OK) status = civid__wsq_advance(stream, &table);
    if (status != CIVID_OK) return status;
    if (stream->place.marker != WSQ_SOF) return CIVID_E_CORRUPT;
    const int32_t width = stream->frame.width, height = stream->frame.height;
    if (width > CIVID_WSQ_MAX_SIDE || height > CIVID_WSQ_MAX_SIDE ||
        (int64_t)width * height > CIVID_WSQ_MAX_PIXELS)
        return CIVID_E_DIMENSIONS;
    civid__wsq_tree(tree, width, height);
    return CIVID_OK;
}

/* All blocks: exactly the numbers that an image of this size has, or the stream is damaged. */
static civid_status read_blocks(civid__wsq_stream_t *stream, const civid__wsq_tree_t *tree,
                                int16_t *numbers) {
    civid__wsq_sink_t sink = {numbers, numbers};
    for (;;) {
        int32_t table = 0;
        civid__wsq_lookup_t lookup;
        civid_status status = civid__wsq_advance(stream, &table);
        if (status != CIVID_OK) return status;
        if (stream->place.marker == WSQ_EOI) break;
        if (stream->place.marker != WSQ_SOB) return CIVID_E_CORRUPT;
        if (!stream->place.expected) {
            stream->place.expected = civid__wsq_coded(tree, &stream->bins);
            sink.end = numbers + stream->place.expected;
        }
        civid__wsq_lookup(&lookup, &stream->codes[table]);
        status = civid__wsq_read_block(stream, &lookup, &sink);
        stream->place.coefficients = sink.at - numbers;
        if (status != CIVID_OK) return status;
    }
    return sink.at == sink.end ? CIVID_OK : CIVID_E_CORRUPT;
}

civid_status civid_wsq_decode_size(const uint8_t *data, uint64_t size, int32_t *width,
                                   int32_t *height, uint64_t *workspace_size,
                                   civid_wsq_place_t *place) {
    if (!data || !width || !height || !workspace_size) return CIVID_E_NULL;
    if (size > (uint64_t)PTRDIFF_MAX) return CIVID_E_VALUE;
    civid__wsq_stream_t stream;
    civid__wsq_tree_t tree;
    workspace_t w;
    const civid_status status = read_head(&stream, &tree, data, size);
    if (place) *place = stream.place;
    *width = stream.frame.width;
    *height = stream.frame.height;
    *workspace_size = 0;
    if (status == CIVID_OK) *workspace_size = layout(&w, &tree, NULL);
    return status;
}

civid_status civid_wsq_decode(const uint8_t *data, uint64_t size, void *workspace,
                              uint64_t workspace_size, uint8_t *pixels, uint64_t capacity,
                              civid_wsq_place_t *place) {
    if (!data || !workspace || !pixels) return CIVID_E_NULL;
    if (size > (uint64_t)PTRDIFF_MAX || (uintptr_t)workspace % WSQ_ALIGNMENT != 0)
        return CIVID_E_VALUE;
    civid__wsq_stream_t stream;
    civid__wsq_tree_t tree;
    workspace_t w;
    civid_status status = read_head(&stream, &tree, data, size);
    if (status == CIVID_OK && (layout(&w, &tree, workspace) > workspace_size ||
                               (uint64_t)civid__wsq_pixels(&tree.nodes[0].area) > capacity))
        status = CIVID_E_CAPACITY;
    if (status == CIVID_OK) status = read_blocks(&stream, &tree, w.numbers);
    if (place) *place = stream.place;
    if (status != CIVID_OK) return status;
    civid__wsq_fill_bands(&tree, &stream.bins, w.numbers, w.values);
    civid__wsq_join(&tree, &stream.filters, w.values, w.spare, &w.lines, stream.frame.shift,
                    stream.frame.scale, pixels);
    return CIVID_OK;
}
