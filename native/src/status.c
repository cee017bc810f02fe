/* status.c - one line of English for each status. */
#include "civid.h"

int32_t civid_abi_version(void) { return CIVID_ABI_VERSION; }

const char *civid_strerror(civid_status status) {
    switch (status) {
    case CIVID_OK: return "ok";
    case CIVID_E_NULL: return "a required pointer is NULL";
    case CIVID_E_CAPACITY: return "a buffer is too small";
    case CIVID_E_DIMENSIONS: return "image size outside the supported range";
    case CIVID_E_DPI: return "resolution outside the supported range";
    case CIVID_E_COUNT: return "too many items";
    case CIVID_E_VALUE: return "a value is not finite or outside its range";
    case CIVID_E_CORRUPT: return "a prepared template or a stream is damaged";
    case CIVID_E_ISA: return "instruction set not available";
    case CIVID_E_CALIBRATION: return "no calibration for these extractors";
    default: return "unknown status";
    }
}
