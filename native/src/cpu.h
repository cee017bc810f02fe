/* cpu.h - which instruction set the kernels use: the row of the table in kernels.c. */
#ifndef CIVID_CPU_H
#define CIVID_CPU_H

#include <stdint.h>

/* Always one that is available here, so that a table lookup cannot fail. */
int32_t civid__isa(void);

#endif
