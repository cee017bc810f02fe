/* codes.c - the codes of a print, out of the lists that its minutiae lie in. */
#include "compiler.h"
#include "search/inverted/lists/layout.h"
#include "tables/shared.h"

/* Where minutia `index` of the prints, of this direction, lies in the lists of a position. */
static inline uint32_t place_of(const civid__inverted_t *lists, const civid__list_t *list,
                                uint64_t index, uint8_t angle) {
    const uint32_t base = angle >> 7 ? list->start[CIVID__INVERTED_LISTS / 2] : 0;
    return base + civid__place(lists->places, lists->bits, index);
}

civid_status civid__inverted_codes(const civid__inverted_t *lists, int32_t position, int32_t s,
                                   uint64_t index, const uint8_t *angle, int32_t count,
                                   uint64_t *first, uint64_t *second) {
    const civid__list_t *list = &lists->list[position];
    if (index > lists->minutiae || (uint64_t)count > lists->minutiae - index) return CIVID_E_CORRUPT;
    uint64_t wrong = 0;
    for (int32_t i = 0; i < count; i++) {
        const uint32_t at = place_of(lists, list, index + (uint64_t)i, angle[i]);
        if (at >= (uint32_t)list->minutiae) return CIVID_E_CORRUPT;
        const civid__listed_t *one = &list->listed[at];
        wrong |= one->code >> 56 ^ (uint64_t)(s >> 8);
        first[i] = (one->code & CIVID__INVERTED_CODE) | civid__direction_bits(angle[i]) << 56;
        second[i] = one->detail;
    }
    return wrong ? CIVID_E_CORRUPT : CIVID_OK;
}

void civid__inverted_fetch(const civid__inverted_t *lists, int32_t position, uint64_t index,
                           const uint8_t *angle, int32_t count) {
    const civid__list_t *list = &lists->list[position];
    if (index > lists->minutiae || (uint64_t)count > lists->minutiae - index) return;
    for (int32_t i = 0; i < count; i++) {
        const uint32_t at = place_of(lists, list, index + (uint64_t)i, angle[i]);
        if (at >= (uint32_t)list->minutiae) return; /* said when it is read */
        CIVID_PREFETCH(list->listed + at);
    }
}
