/* tokens.h - numbers of bins become symbols, and symbols become bits. */
#ifndef CIVID_WSQ_TOKENS_H
#define CIVID_WSQ_TOKENS_H

#include "wsq/tables.h"
#include "wsq/write/sink.h"

/* A symbol (8 bits), what follows it (16 bits), and how many bits that has (8 bits). */
typedef uint32_t civid__wsq_token_t;

/* The bins that the values of bands first .. last fall into, row by row; returns how many numbers
 * there are, or -1 where one has more than 16 bits. */
int64_t civid__wsq_number(const civid__wsq_tree_t *tree, const civid__wsq_bins_t *bins,
                          int32_t first, int32_t last, const float *values, int16_t *numbers);

/* Runs of zeros and single values of one block; adds to counts. At most `count` tokens. */
int64_t civid__wsq_tokenise(const int16_t *numbers, int64_t count, civid__wsq_token_t *tokens,
                            int64_t counts[WSQ_SYMBOLS]);

/* The best codes of at most 16 bits for symbols that occur so often; none is all ones. */
void civid__wsq_best_codes(const int64_t counts[WSQ_SYMBOLS], civid__wsq_codes_t *codes);

/* The tokens of one block, padded with ones. */
void civid__wsq_emit(civid__wsq_out_t *out, const civid__wsq_token_t *tokens, int64_t count,
                     const civid__wsq_codes_t *codes);

#endif
