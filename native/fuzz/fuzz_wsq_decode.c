/* Any bytes as a WSQ stream: no crash, no pixel without all of the data, and the same pixels again. The
 * head of a stream is longer than inputs are, so one can be put before what they hold. */
#include "fuzz.h"

enum { MOST = 1 << 14, HEAD = 560, LONGEST = 1 << 16 };

static uint8_t *put(uint8_t *at, uint32_t value, int32_t bytes) {
    for (int32_t i = bytes - 1; i >= 0; i--) *at++ = (uint8_t)(value >> (8 * i));
    return at;
}

/* The usual filters, any sub-bands, a small image; then as many bytes changed as the input says. */
static size_t make_head(input_t *in, uint8_t *head) {
    static const uint32_t taps[9] = {0x32d325cd, 0xe0f3199a, 0x41eff19a, 0x8e2764cd, 0xe179a333,
                                     0x2eff5600, 0xf933d333, 0xf287219a, 0x2677da33};
    static const uint8_t exponents[9] = {9, 10, 10, 11, 11, 9, 10, 11, 10};
    static const uint8_t signs[9] = {0, 0, 1, 1, 0, 0, 1, 1, 0};
    const uint32_t kind = take(in, 1);
    uint8_t *at = put(put(put(head, 0xffa0ffa4, 4), 58, 2), 0x0907, 2);
    for (int32_t i = 0; i < 9; i++)
        at = put(put(put(at, signs[i], 1), exponents[i], 1), taps[i], 4);
    at = put(put(put(at, 0xffa50185, 4), 2, 1), 44, 2);
    for (int32_t word = 0; word < 2; word++) {
        const uint32_t coded = take(in, 4);
        for (int32_t i = 0; i < 32; i++) {
            const uint32_t width = coded >> i & 1 ? 300 : 0;
            at = put(put(put(put(at, 1, 1), width, 2), 1, 1), width, 2);
        }
    }
    at = put(put(at, 0xffa20011, 4), 0x00ff, 2);
    const uint32_t height = take(in, 1) % 130, width = take(in, 1) % 130;
    at = put(put(at, height, 2), width, 2);
    at = put(put(put(at, 2, 1), 12000, 2), 2, 1); /* about 120, */
    at = put(put(at, 90, 2), 0x020000, 3);        /* times 0.9 */
    const size_t size = (size_t)(at - head);
    for (uint32_t changes = kind % 8; changes > 4; changes--) {
        const uint32_t place = take(in, 2) % (uint32_t)size;
        head[place] = (uint8_t)take(in, 1);
    }
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static arena_t stream_of, workspace_of, pixels_of;
    static uint8_t first[MOST];
    uint8_t head[HEAD + 64];
    input_t in = {data, size};
    const uint32_t how = take(&in, 1);
    const size_t made = how & 1 ? make_head(&in, head) : 0;
    REQUIRE(made <= HEAD);
    if (made + in.left > LONGEST) return 0;
    uint8_t *stream = lend(&stream_of, made + in.left);
    memcpy(stream, head, made);
    if (in.left) memcpy(stream + made, in.at, in.left);

    int32_t width = -1, height = -1;
    uint64_t bytes = 0;
    civid_wsq_place_t place;
    civid_status status =
        civid_wsq_decode_size(stream, made + in.left, &width, &height, &bytes, &place);
    REQUIRE(status == CIVID_OK || status == CIVID_E_CORRUPT || status == CIVID_E_DIMENSIONS);
    REQUIRE(place.offset <= made + in.left);
    if (status == CIVID_E_DIMENSIONS)
        REQUIRE(width > CIVID_WSQ_MAX_SIDE || height > CIVID_WSQ_MAX_SIDE ||
                (int64_t)width * height > CIVID_WSQ_MAX_PIXELS);
    if (status != CIVID_OK) return 0;
    REQUIRE(width > 0 && height > 0);
    const uint64_t count = (uint64_t)width * (uint64_t)height;
    if (count > MOST) return 0;

    const uint64_t less = how >> 1 & 1;
    uint8_t *pixels = lend(&pixels_of, count);
    void *workspace = lend(&workspace_of, bytes); /* with what the last run left in it */
    memset(pixels, 0xa5, count);
    status = civid_wsq_decode(stream, made + in.left, workspace, bytes - less, pixels,
                              count - (how >> 2 & 1), &place);
    if (how & 6) {
        REQUIRE(status == CIVID_E_CAPACITY);
        return 0;
    }
    REQUIRE(status == CIVID_OK || status == CIVID_E_CORRUPT);
    REQUIRE(place.offset <= made + in.left);
    REQUIRE(place.coefficients >= 0 && place.coefficients <= place.expected);
    if (status != CIVID_OK) {
        for (uint64_t i = 0; i < count; i++) REQUIRE(pixels[i] == 0xa5);
        return 0;
    }
    REQUIRE(place.coefficients == place.expected);
    memcpy(first, pixels, count);
    memset(workspace, 0xff, bytes);
    REQUIRE(civid_wsq_decode(stream, made + in.left, workspace, bytes, pixels, count, NULL) ==
            CIVID_OK);
    REQUIRE(memcmp(first, pixels, count) == 0);
    return 0;
}
