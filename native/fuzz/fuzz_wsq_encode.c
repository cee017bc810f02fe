/* Any image at any bit rate: what is encoded fits, and is decoded again to the same size. Images are
 * small: the smallest that are accepted have every edge that a large one has. For the rate, most are
 * among the smallest, and one in eight is decoded: a decoder has a target of its own. */
#include "fuzz.h"

enum { LEAST = CIVID_WSQ_MIN_SIDE, USUAL = 8 };

/* Seven in eight are close to the least; the others have sub-bands of any odd length; one is refused. */
static int32_t side(input_t *in) {
    const int32_t value = (int32_t)take(in, 1), more = value >> 3;
    if (value == 255) return LEAST - 1;
    return LEAST + (value & 7 ? more % USUAL : more + USUAL);
}

/* Noise, ridges, steps or one grey, with blank paper to their left. */
static void fill(input_t *in, uint8_t *pixels, int32_t width, int32_t height, int64_t stride) {
    const uint32_t kind = take(in, 1), a = take(in, 1) + 1, b = take(in, 1);
    const int32_t left = (int32_t)(take(in, 1) % LEAST);
    size_t next = 0;
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) {
            uint8_t *pixel = pixels + y * stride + x, noise = 0;
            if (in->left) noise = in->at[next], next = next + 1 < in->left ? next + 1 : 0;
            switch (kind % 5) {
            case 0: *pixel = noise; break;
            case 1: *pixel = (uint8_t)((x * (int32_t)a + y * (int32_t)b) >> 2); break;
            case 2: *pixel = (x / (int32_t)a + y / (int32_t)(b + 1)) & 1 ? 255 : 0; break;
            case 3: *pixel = noise & 1 ? 255 : 0; break;
            default: *pixel = (uint8_t)(a + (noise & (b >> 4))); break;
            }
            if (x < left && kind & 64) *pixel = 255;
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static arena_t pixels_of, workspace_of, stream_of, decoded_of, again_of;
    input_t in = {data, size};
    const uint32_t how = take(&in, 1);
    const int32_t width = side(&in), height = side(&in);
    const int64_t stride = width + (int64_t)(take(&in, 1) % 4);
    const double bitrate = take(&in, 2) / (how & 1 ? 4000.0 : 20000.0);

    uint64_t bytes = 0, capacity = 0, count = 0;
    const civid_status sized = civid_wsq_encode_size(width, height, &bytes, &capacity);
    REQUIRE((sized == CIVID_OK) == (width >= LEAST && height >= LEAST));
    if (sized != CIVID_OK) return 0;
    uint8_t *pixels = lend(&pixels_of, (uint64_t)(height - 1) * (uint64_t)stride + (uint64_t)width);
    fill(&in, pixels, width, height, stride);
    if (how & 2) capacity = take(&in, 2);
    uint8_t *stream = lend(&stream_of, capacity);
    void *workspace = lend(&workspace_of, bytes); /* with what the last run left in it */
    const civid_status status = civid_wsq_encode(pixels, width, height, stride, bitrate, workspace,
                                                 bytes, stream, capacity, &count);
    if (bitrate < 0.01 || bitrate > 16) {
        REQUIRE(status == CIVID_E_VALUE);
        return 0;
    }
    if (how & 2 && status == CIVID_E_CAPACITY) return 0;
    REQUIRE(status == CIVID_OK || status == CIVID_E_VALUE);
    if (status != CIVID_OK) return 0;
    REQUIRE(count <= capacity);
    if (how & 28) return 0;

    int32_t decoded_width = 0, decoded_height = 0;
    uint64_t needed = 0;
    REQUIRE(civid_wsq_decode_size(stream, count, &decoded_width, &decoded_height, &needed, NULL) ==
            CIVID_OK);
    REQUIRE(decoded_width == width && decoded_height == height);
    uint8_t *decoded = lend(&decoded_of, (uint64_t)width * (uint64_t)height);
    void *again = lend(&again_of, needed);
    REQUIRE(civid_wsq_decode(stream, count, again, needed, decoded,
                             (uint64_t)width * (uint64_t)height, NULL) == CIVID_OK);
    /* One grey alone comes back as it was. */
    int32_t is_flat = 1;
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) is_flat &= pixels[y * stride + x] == pixels[0];
    for (int64_t i = 0; is_flat && i < (int64_t)width * height; i++)
        REQUIRE(decoded[i] == pixels[0]);
    return 0;
}
