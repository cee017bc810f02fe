/* shared.c - the tables of shared.h, as scripts in benchmarks/train/ made them. */
#include "tables/shared.h"

#include "tables/inverted_table.h"
#include "tables/projection_table.h"
#include "tables/scan_table.h"
