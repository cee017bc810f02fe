/* Inverted lists: built of a part whose arrays lie, or built of a good one and then written over.
 * What a probe asks, the description and the prefilter must stay inside whatever they are given. */
#include "gallery.h"

enum { CELLS_MOST = 64, ITEMS = CIVID_POSITIONS * 40 * (1 + CELLS_MOST) };

typedef struct {
    arena_t memory;
    uint64_t size;
    int32_t there;
} lists_t;

static void build(lists_t *lists, const civid_part_t *part, int64_t begin, int64_t end) {
    static arena_t scratch_of;
    lists->there = 0;
    if (civid_inverted_size(part, begin, end, &lists->size) != CIVID_OK) return;
    REQUIRE(lists->size < 1 << 20);
    const uint64_t items = part->block_size / 8;
    void *memory = lend(&lists->memory, lists->size);
    uint16_t *scratch = lend(&scratch_of, items * sizeof *scratch);
    const civid_status status =
        civid_inverted_build(part, begin, end, memory, lists->size, scratch, items);
    /* fingers that lie over each other have more minutiae than the block has words */
    REQUIRE(status == CIVID_OK || status == CIVID_E_CAPACITY);
    lists->there = status == CIVID_OK;
}

static void prefilter(input_t *in, const civid_part_t *probes, const civid_part_t *references,
                      const lists_t *lists) {
    static const int32_t cells_of[] = {4, 1, 16, 32, 64, 5, 0, 65};
    static arena_t asked_of, scratch_of;
    const int32_t cells = cells_of[take(in, 1) % 16 < 12 ? 0 : take(in, 1) % 8];
    const int32_t fingers = 1 + take(in, 1) % 3;
    int64_t slots[PROBES], after[PROBES], counts[PROBES] = {-1, -1, -1};
    civid_candidate_t found[PROBES * KEEP];
    uint64_t items = 0, size;
    for (int32_t i = 0; i < PROBES; i++) {
        slots[i] = (int64_t)(take(in, 1) % (SUBJECTS + 1)) - (take(in, 1) % 16 == 0);
        after[i] = (int64_t)absurd(in);
    }
    const int64_t count = 1 + take(in, 1) % PROBES;
    uint16_t *asked = lend(&asked_of, PROBES * ITEMS * sizeof *asked);
    for (int32_t i = 0; i < count; i++) {
        uint64_t mine = 0;
        const uint64_t room = take(in, 1) % 16 ? ITEMS : take(in, 1);
        if (civid_inverted_asked(probes, slots[i], fingers, cells, asked + items, room, &mine) ==
            CIVID_OK) {
            REQUIRE(mine <= room);
            items += mine;
        }
    }
    if (items > 0 && take(in, 1) % 8 == 0) asked[take(in, 2) % items] = (uint16_t)take(in, 2);
    items -= take(in, 1) % 16 == 0 && items > 0;
    if (!lists->there) return;
    const uint32_t how = take(in, 1);
    const int64_t *from = how & 2 ? after : NULL;
    int64_t subjects;
    uint32_t positions;
    uint64_t bytes;
    if (civid_inverted_describe(lists->memory.memory, lists->size, &subjects, &positions, &bytes) ==
        CIVID_OK)
        REQUIRE(bytes <= lists->size);
    REQUIRE(civid_inverted_scratch_size(CIVID_INVERTED_MAX_SUBJECTS, 1, &size) == CIVID_OK);
    void *scratch = lend(&scratch_of, size);
    (void)civid_inverted_prefilter(probes, slots, count, asked, items, cells, references,
                                   (int64_t)(how >> 5), lists->memory.memory, lists->size, from,
                                   fingers, (int32_t)(how >> 2 & 1), scratch, size, KEEP, found,
                                   counts);
    for (int64_t i = count; i < PROBES; i++) {
        REQUIRE(counts[i] == -1);
        counts[i] = 0;
    }
    check_found(found, counts, slots, from, references, 0);
}

/* Several questions about one probe. */
static void looks(input_t *in, const civid_part_t *probes, const civid_part_t *references,
                  const lists_t *lists) {
    enum { LOOKS = 3, CELLS = 4 };
    static arena_t asked_of, scratch_of, found_of;
    civid_look_t wanted[LOOKS];
    int64_t counts[LOOKS];
    uint64_t items = 0, size;
    const int64_t slot = (int64_t)(take(in, 1) % (SUBJECTS + 1));
    const int64_t count = 1 + take(in, 1) % LOOKS;
    int64_t room = 0;
    for (int64_t q = 0; q < count; q++) {
        wanted[q].positions = take(in, 1) % 4 ? UINT32_MAX : take(in, 2);
        wanted[q].flags = (int32_t)(take(in, 1) & 1);
        wanted[q].keep = 1 + take(in, 1) % KEEP;
        room += wanted[q].keep;
    }
    uint16_t *asked = lend(&asked_of, ITEMS * sizeof *asked);
    if (civid_inverted_asked(probes, slot, 1, CELLS, asked, ITEMS, &items) != CIVID_OK) return;
    if (items > 0 && take(in, 1) % 8 == 0) asked[take(in, 2) % items] = (uint16_t)take(in, 2);
    if (!lists->there) return;
    REQUIRE(civid_inverted_scratch_size(CIVID_INVERTED_MAX_SUBJECTS, count, &size) == CIVID_OK);
    void *scratch = lend(&scratch_of, size);
    civid_candidate_t *found = lend(&found_of, (uint64_t)room * sizeof *found);
    const civid_status status = civid_inverted_looks(
        probes, slot, asked, items, CELLS, references, 0, lists->memory.memory, lists->size, wanted,
        count, 1 + take(in, 1) % 3, scratch, size, found, room, counts);
    for (int64_t q = 0; q < count; q++)
        REQUIRE(status == CIVID_OK ? counts[q] >= 0 && counts[q] <= wanted[q].keep : counts[q] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static gallery_t a, b;
    static lists_t lists;
    input_t in = {data, size};
    const uint32_t mode = take(&in, 1);
    const int64_t begin = mode >> 6;
    gather(&in, &a), gather(&in, &b);
    if (mode & 1) damage(&in, &b);
    build(&lists, &b.part, begin, SUBJECTS);
    if (mode & 2) damage(&in, &a);
    if (mode & 4) damage(&in, &b);
    if (mode & 8 && lists.there)
        for (uint32_t n = take(&in, 1) % 4; n > 0; n--) {
            const uint32_t at = take(&in, 2); /* half of them in the header */
            lists.memory.memory[at & 1 ? at % 64 : at % lists.size] = (uint8_t)take(&in, 1);
        }
    prefilter(&in, &a.part, &b.part, &lists);
    looks(&in, &a.part, &b.part, &lists);
    return 0;
}
