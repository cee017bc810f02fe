/* A part whose arrays lie, prefiltered, unpacked and measured: a status, and nothing outside of it.
 * What the parts hold is right at first; then some of their words are written over. */
#include "gallery.h"

static void prefilter(input_t *in, const civid_part_t *probes, const civid_part_t *references) {
    static arena_t scratch_of;
    int64_t slots[PROBES], after[PROBES], counts[PROBES] = {-1, -1, -1};
    civid_candidate_t found[PROBES * KEEP];
    for (int32_t i = 0; i < PROBES; i++) {
        slots[i] = (int64_t)(take(in, 1) % (SUBJECTS + 1)) - (take(in, 1) % 16 == 0);
        after[i] = (int64_t)absurd(in);
    }
    const uint32_t how = take(in, 1);
    const int64_t begin = how & 1 ? 2 : 0, *from = how & 2 ? after : NULL;
    uint64_t size;
    REQUIRE(civid_prefilter_scratch_size(PROBES, SUBJECTS - begin, &size) == CIVID_OK);
    void *scratch = lend(&scratch_of, size);
    (void)civid_prefilter(probes, slots, PROBES, references, begin, SUBJECTS, from,
                          (int32_t)(how >> 4), (int32_t)(how >> 2 & 1), scratch, size, KEEP, found,
                          counts);
    check_found(found, counts, slots, from, references, begin);
}

static void unpack(input_t *in, const civid_part_t *part) {
    static arena_t room, offsets_of, positions_of;
    int64_t slots[PROBES], begin[PROBES + 1], fingers;
    uint64_t size;
    for (int32_t i = 0; i < PROBES; i++) slots[i] = take(in, 1) % SUBJECTS;
    const uint32_t wanted = take(in, 2);
    if (civid_unpacked_size(part, slots, PROBES, wanted, &fingers, &size) != CIVID_OK) return;
    REQUIRE(fingers >= 0 && fingers <= PROBES * FINGERS && size % 64 == 0);
    uint8_t *block = lend(&room, size);
    uint64_t *offsets = lend(&offsets_of, (uint64_t)(fingers + 1) * sizeof *offsets);
    uint8_t *positions = lend(&positions_of, (uint64_t)fingers);
    if (civid_unpack_subjects(part, slots, PROBES, wanted, block, size, offsets, positions, fingers,
                              begin) == CIVID_OK)
        for (int64_t f = 0; f < fingers; f++)
            REQUIRE(civid_prepared_check(block + offsets[f], offsets[f + 1] - offsets[f]) ==
                    CIVID_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static gallery_t a, b;
    input_t in = {data, size};
    const uint32_t mode = take(&in, 1);
    int32_t scan, agree;
    gather(&in, &a), gather(&in, &b);
    if (mode & 1) damage(&in, &a);
    if (mode & 2) damage(&in, &b);
    prefilter(&in, &a.part, mode & 4 ? &b.part : &a.part);
    if (mode & 8) unpack(&in, &b.part);
    if (civid_prefilter_measure(&a.part, take(&in, 1) % FINGERS, &b.part, take(&in, 1) % FINGERS,
                                &scan, &agree) == CIVID_OK)
        REQUIRE(scan >= 0 && agree >= 0);
    /* Any bytes as a template. */
    if (mode & 16) {
        const uint64_t rest = in.left > 64 ? 64 : in.left;
        uint8_t *packed = exactly(rest);
        memcpy(packed, in.at, rest);
        uint64_t codes[8], details[8];
        (void)civid_scan_codes(packed, rest, codes, details);
        free(packed);
    }
    return 0;
}
