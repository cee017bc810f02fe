/* fields_network.h - the network that corrects directions. */
#ifndef CIVID_EXTRACT_FIELDS_NETWORK_H
#define CIVID_EXTRACT_FIELDS_NETWORK_H

#include "extract/extract_stages.h"

/* Floats that f->room must have. */
uint64_t civid__fields_workspace(int32_t blocks_x, int32_t blocks_y);
/* features, cosine, sine -> learned_cosine, learned_sine */
void civid__fields_network(civid__frame_t *f);

#endif
