/* write_tables.h - the segments before the coded data. */
#ifndef CIVID_WSQ_WRITE_TABLES_H
#define CIVID_WSQ_WRITE_TABLES_H

#include "wsq/tables.h"
#include "wsq/write/sink.h"

/* What the usual filters (encoder number 2 of part 3) look like when they analyse. */
void civid__wsq_usual_filters(civid__wsq_filters_t *filters);

void civid__wsq_write_marker(civid__wsq_out_t *out, int32_t marker);
void civid__wsq_write_filters(civid__wsq_out_t *out);
/* Writes widths and leaves in `bins` what a reader makes of them; 0: a width is out of range. */
int32_t civid__wsq_write_bins(civid__wsq_out_t *out, const double widths[WSQ_BANDS],
                              civid__wsq_bins_t *bins);
void civid__wsq_write_frame(civid__wsq_out_t *out, int32_t width, int32_t height, double shift,
                            double scale);
void civid__wsq_write_codes(civid__wsq_out_t *out, int32_t table, const civid__wsq_codes_t *codes);

#endif
