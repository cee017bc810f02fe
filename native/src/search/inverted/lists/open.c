/* open.c - lists that are there as bytes, opened; nothing is believed that leads elsewhere. */
#include <stddef.h>
#include <string.h>

#include "search/inverted/lists/layout.h"

static civid_status open_position(const uint8_t *bytes, int32_t subjects, int32_t minutiae,
                                  civid__list_t *list) {
    const civid__lists_layout_t at = civid__lists_layout(subjects, minutiae);
    list->minutiae = minutiae;
    list->counts = bytes;
    list->start = (const uint32_t *)(const void *)(bytes + at.start);
    list->listed = (const civid__listed_t *)(const void *)(bytes + at.listed);
    list->subject = bytes + at.subject;
    uint32_t wrong = list->start[0] != 0;
    for (int32_t k = 1; k < CIVID__INVERTED_STARTS; k++)
        wrong |= list->start[k] < list->start[k - 1];
    wrong |= list->start[CIVID__INVERTED_LISTS] != (uint32_t)minutiae;
    return wrong ? CIVID_E_CORRUPT : CIVID_OK;
}

civid_status civid__inverted_open(const void *lists, uint64_t size, civid__inverted_t *out) {
    civid__lists_header_t header;
    if (lists == NULL) return CIVID_E_NULL;
    if (size < sizeof header) return CIVID_E_CAPACITY;
    if ((uintptr_t)lists & (CIVID__LISTS_LINE - 1)) return CIVID_E_VALUE;
    memcpy(&header, lists, sizeof header);
    if (header.magic != CIVID__LISTS_MAGIC || !civid__lists_header_fits(&header))
        return CIVID_E_CORRUPT;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++)
        if ((header.positions >> i & 1) != (header.minutiae[i] > 0)) return CIVID_E_CORRUPT;
    if (size != civid__lists_size(&header)) return CIVID_E_CAPACITY;
    memset(out, 0, sizeof *out);
    out->subjects = header.subjects;
    out->positions = header.positions;
    out->bits = header.bits;
    const uint8_t *bytes = (const uint8_t *)lists + sizeof header;
    for (int32_t i = 0; i < CIVID_POSITIONS; i++) {
        if (header.minutiae[i] == 0) continue;
        const civid_status status =
            open_position(bytes, header.subjects, header.minutiae[i], &out->list[i]);
        if (status != CIVID_OK) return status;
        bytes += civid__lists_layout(header.subjects, header.minutiae[i]).end;
        out->minutiae += (uint64_t)header.minutiae[i];
    }
    out->places = bytes;
    return CIVID_OK;
}

civid_status civid_inverted_describe(const void *lists, uint64_t size, int64_t *subjects,
                                     uint32_t *positions, uint64_t *bytes) {
    civid__lists_header_t header;
    if (lists == NULL || subjects == NULL || positions == NULL || bytes == NULL) return CIVID_E_NULL;
    if (size < sizeof header) return CIVID_E_CAPACITY;
    memcpy(&header, lists, sizeof header);
    if (header.magic != CIVID__LISTS_MAGIC) return CIVID_E_VALUE;
    if (!civid__lists_header_fits(&header)) return CIVID_E_COUNT;
    if (civid__lists_size(&header) > size) return CIVID_E_CAPACITY;
    *subjects = header.subjects;
    *positions = header.positions;
    *bytes = civid__lists_size(&header);
    return CIVID_OK;
}
