/* Whole blocks of templates, written and compared where offsets and places lie: a status, and not a
 * byte outside the block. */
#include "pool.h"

enum { TEMPLATES = 4, CODES = TEMPLATES * POOL_MOST };

static void compare_all(input_t *in, const uint8_t *block, const uint64_t *offsets) {
    static arena_t scratch_of, probe_of;
    float scores[TEMPLATES];
    uint64_t size;
    REQUIRE(civid_compare_scratch_size(&size) == CIVID_OK);
    void *scratch = lend(&scratch_of, size);
    civid_minutia_t minutiae[POOL_MOST];
    const int32_t which = (int32_t)(take(in, 1) % POOL);
    uint64_t bytes;
    pool_minutiae(which, minutiae);
    REQUIRE(civid_prepared_size(pool_count[which], &bytes) == CIVID_OK);
    void *probe = lend(&probe_of, bytes);
    REQUIRE(civid_prepare(minutiae, pool_count[which], pool_extractor(which), probe, bytes) == CIVID_OK);
    REQUIRE(civid_compare_many(probe, bytes, block, offsets, TEMPLATES, NULL, scratch, size, scores) ==
            CIVID_OK);
    for (int32_t i = 0; i < TEMPLATES; i++) REQUIRE(scores[i] >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static arena_t block_of, codes_of, details_of;
    input_t in = {data, size};
    const uint32_t mode = take(&in, 1);
    const int prepared = mode & 1;
    civid_minutia_t minutiae[CODES];
    int64_t first[TEMPLATES + 1] = {0};
    uint8_t extractors[TEMPLATES];
    uint64_t offsets[TEMPLATES + 1] = {0}, length;
    for (int32_t i = 0; i < TEMPLATES; i++) {
        const int32_t which = (int32_t)(take(&in, 1) % POOL);
        pool_minutiae(which, minutiae + first[i]);
        extractors[i] = (uint8_t)pool_extractor(which);
        first[i + 1] = first[i] + pool_count[which];
        REQUIRE((prepared ? civid_prepared_size : civid_packed_size)(pool_count[which], &length) ==
                CIVID_OK);
        offsets[i + 1] = offsets[i] + length;
    }
    uint64_t block_size = offsets[TEMPLATES];
    const size_t words = (size_t)first[TEMPLATES];
    uint8_t *block = lend(&block_of, block_size);
    uint64_t *codes = lend(&codes_of, words * 8), *details = lend(&details_of, words * 8);
    int64_t finger = 0;
    const uint32_t lies = mode & 2 ? take(&in, 1) % 4 : 0;
    for (uint32_t n = lies; n > 0; n--)
        switch (take(&in, 1) % 5) {
        case 0: offsets[take(&in, 1) % (TEMPLATES + 1)] = absurd(&in); break;
        case 1: offsets[take(&in, 1) % (TEMPLATES + 1)] += 8 * (uint64_t)take(&in, 1) - 1024; break;
        case 2: block_size -= take(&in, 1) % (block_size + 1); break;
        case 3: extractors[take(&in, 1) % TEMPLATES] = (uint8_t)take(&in, 1); break;
        default: minutiae[take(&in, 1) % CODES].x = (float)absurd(&in); break;
        }
    if (prepared) {
        const civid_status status =
            civid_prepare_many(minutiae, first, extractors, TEMPLATES, block, block_size, offsets);
        REQUIRE(status == CIVID_OK || lies);
        if (status == CIVID_OK && !lies) compare_all(&in, block, offsets);
    } else if (mode & 4) {
        const civid_status status = civid_pack_many(minutiae, first, extractors, TEMPLATES, block, block_size,
                                                    offsets);
        REQUIRE(status == CIVID_OK || lies);
    } else if (!lies) { /* where each code goes follows from offsets that are the caller's word */
        REQUIRE(civid_index_many(minutiae, first, extractors, TEMPLATES, finger, block, block_size, offsets,
                                 codes, details) == CIVID_OK);
    }
    return 0;
}
