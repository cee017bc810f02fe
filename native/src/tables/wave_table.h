/* wave_table.h - sine in integers.
 *
 * civid__quarter_sine: 16384 sin(2 pi k / 256). */
#ifndef CIVID_COMPARE_WAVE_TABLE_H
#define CIVID_COMPARE_WAVE_TABLE_H

#include <stdint.h>

static const int16_t civid__quarter_sine[65] = {
    0, 402, 804, 1205, 1606, 2006, 2404, 2801, 3196, 3590, 3981, 4370,
    4756, 5139, 5520, 5897, 6270, 6639, 7005, 7366, 7723, 8076, 8423, 8765,
    9102, 9434, 9760, 10080, 10394, 10702, 11003, 11297, 11585, 11866, 12140, 12406,
    12665, 12916, 13160, 13395, 13623, 13842, 14053, 14256, 14449, 14635, 14811, 14978,
    15137, 15286, 15426, 15557, 15679, 15791, 15893, 15986, 16069, 16143, 16207, 16261,
    16305, 16340, 16364, 16379, 16384,
};

static inline int32_t civid__sine(uint8_t angle) {
    const int32_t k = angle & 127, v = civid__quarter_sine[k <= 64 ? k : 128 - k];
    return angle & 128 ? -v : v;
}
static inline int32_t civid__cosine(uint8_t angle) { return civid__sine((uint8_t)(angle + 64)); }

#endif
