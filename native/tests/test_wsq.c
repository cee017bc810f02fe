/* WSQ: its arguments, there and back, damage, restart markers, and what must not matter. */
#include <string.h>

#include "picture.h"
#include "test.h"

enum { ROOM = 4 * PICTURE_WIDTH * PICTURE_HEIGHT };

typedef struct {
    civid_status status;
    int32_t width, height;
    uint8_t *pixels; /* NULL: none */
    civid_wsq_place_t place;
} image_t;

static image_t decode(const uint8_t *data, uint64_t size) {
    image_t image = {0};
    uint64_t bytes = 0;
    image.status =
        civid_wsq_decode_size(data, size, &image.width, &image.height, &bytes, &image.place);
    if (image.status != CIVID_OK) return image;
    const uint64_t count = (uint64_t)image.width * (uint64_t)image.height;
    void *workspace = civid__memory(bytes);
    memset(workspace, 0xa5, bytes); /* its contents must not matter */
    image.pixels = civid__memory(count);
    image.status =
        civid_wsq_decode(data, size, workspace, bytes, image.pixels, count, &image.place);
    free(workspace);
    if (image.status == CIVID_OK) return image;
    free(image.pixels);
    image.pixels = NULL;
    return image;
}

static uint64_t encode(const uint8_t *pixels, int32_t width, int32_t height, int64_t stride,
                       double bitrate, uint8_t *data) {
    uint64_t bytes = 0, capacity = 0, size = 0;
    CHECK_INT(civid_wsq_encode_size(width, height, &bytes, &capacity), CIVID_OK);
    void *workspace = civid__memory(bytes);
    memset(workspace, 0x5a, bytes);
    CHECK_INT(civid_wsq_encode(pixels, width, height, stride, bitrate, workspace, bytes, data, ROOM,
                               &size),
              CIVID_OK);
    free(workspace);
    return size;
}

static int32_t largest_difference(const image_t *image, const uint8_t *pixels, int64_t stride) {
    int32_t most = 0;
    for (int32_t y = 0; image->pixels && y < image->height; y++)
        for (int32_t x = 0; x < image->width; x++) {
            const int32_t d = image->pixels[y * image->width + x] - pixels[y * stride + x];
            most = d > most ? d : -d > most ? -d : most;
        }
    return most;
}

/* A smooth wave, made of integers. */
static void waves(uint8_t *pixels, int32_t width, int32_t height) {
    for (int32_t y = 0; y < height; y++)
        for (int32_t x = 0; x < width; x++) {
            const int32_t phase = (3 * x + 5 * y) % 120, up = phase < 60 ? phase : 120 - phase;
            pixels[y * width + x] = (uint8_t)(60 + up * (120 - up) / 30);
        }
}

static void arguments(void) {
    static uint8_t pixels[64 * 64], data[1 << 16];
    uint64_t bytes, capacity, size;
    int32_t width, height;
    CHECK_INT(civid_wsq_encode_size(63, 64, &bytes, &capacity), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_wsq_encode_size(64, 63, &bytes, &capacity), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_wsq_encode_size(65501, 64, &bytes, &capacity), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_wsq_encode_size(4001, 4000, &bytes, &capacity), CIVID_E_DIMENSIONS);
    CHECK_INT(civid_wsq_encode_size(64, 64, NULL, &capacity), CIVID_E_NULL);
    CHECK_INT(civid_wsq_encode_size(4000, 4000, &bytes, &capacity), CIVID_OK);
    CHECK_INT(civid_wsq_encode_size(64, 64, &bytes, &capacity), CIVID_OK);
    unsigned char *room = civid__memory(bytes);
    waves(pixels, 64, 64);
#define ENCODE(stride, rate, workspace, workspace_size, room_size)                          \
    civid_wsq_encode(pixels, 64, 64, (stride), (rate), (workspace), (workspace_size), data, \
                     (room_size), &size)
    CHECK_INT(ENCODE(64, 0.75, room, bytes, sizeof data), CIVID_OK);
    CHECK_INT(ENCODE(63, 0.75, room, bytes, sizeof data), CIVID_E_DIMENSIONS);
    CHECK_INT(ENCODE(64, 0.0, room, bytes, sizeof data), CIVID_E_VALUE);
    CHECK_INT(ENCODE(64, 17.0, room, bytes, sizeof data), CIVID_E_VALUE);
    CHECK_INT(ENCODE(64, 0.0 / (bytes ? 0.0 : 1.0), room, bytes, sizeof data), CIVID_E_VALUE);
    CHECK_INT(ENCODE(64, 0.75, NULL, bytes, sizeof data), CIVID_E_NULL);
    CHECK_INT(ENCODE(64, 0.75, room, bytes - 1, sizeof data), CIVID_E_CAPACITY);
    CHECK_INT(ENCODE(64, 0.75, room + 8, bytes, sizeof data), CIVID_E_VALUE);
    CHECK_INT(ENCODE(64, 0.75, room, bytes, sizeof data), CIVID_OK);
    const uint64_t whole = size;
    for (uint64_t less = 0; less < whole + 16; less += 11)
        CHECK(ENCODE(64, 0.75, room, bytes, less) == CIVID_E_CAPACITY || less >= whole);
    CHECK_INT(ENCODE(64, 0.75, room, bytes, sizeof data), CIVID_OK);
#undef ENCODE
    free(room);

    CHECK_INT(civid_wsq_decode_size(NULL, size, &width, &height, &bytes, NULL), CIVID_E_NULL);
    CHECK_INT(civid_wsq_decode_size(data, 0, &width, &height, &bytes, NULL), CIVID_E_CORRUPT);
    CHECK_INT(civid_wsq_decode_size(data, UINT64_MAX, &width, &height, &bytes, NULL),
              CIVID_E_VALUE);
    CHECK_INT(civid_wsq_decode_size(data, size, &width, &height, &bytes, NULL), CIVID_OK);
    CHECK(width == 64 && height == 64);
    room = civid__memory(bytes);
    CHECK_INT(civid_wsq_decode(data, size, room, bytes - 1, pixels, sizeof pixels, NULL),
              CIVID_E_CAPACITY);
    CHECK_INT(civid_wsq_decode(data, size, room, bytes, pixels, sizeof pixels - 1, NULL),
              CIVID_E_CAPACITY);
    CHECK_INT(civid_wsq_decode(data, size, room + 4, bytes, pixels, sizeof pixels, NULL),
              CIVID_E_VALUE);
    CHECK_INT(civid_wsq_decode(data, size, room, bytes, NULL, sizeof pixels, NULL), CIVID_E_NULL);
    CHECK_INT(civid_wsq_decode(data, size, room, bytes, pixels, sizeof pixels, NULL), CIVID_OK);
    free(room);
}

/* Any parity of both sides, and sub-bands of odd lengths at each level. */
static void there_and_back(void) {
    static uint8_t pixels[131 * 131], data[ROOM];
    int32_t most = 0;
    for (int32_t width = 64; width <= 131; width += 1 + width % 13)
        for (int32_t height = 64; height <= 131; height += 1 + height % 11) {
            waves(pixels, width, height);
            image_t image = decode(data, encode(pixels, width, height, width, 8, data));
            CHECK_INT(image.status, CIVID_OK);
            CHECK(image.width == width && image.height == height);
            most = largest_difference(&image, pixels, width) > most
                       ? largest_difference(&image, pixels, width)
                       : most;
            free(image.pixels);
        }
    CHECK(most <= 16); /* the sub-bands that vary least are never coded */
}

/* More bits, a smaller difference; fewer, a smaller stream. */
static void bits_are_worth_something(void) {
    uint8_t *pixels = civid__memory(PICTURE_WIDTH * PICTURE_HEIGHT), *data = civid__memory(ROOM);
    uint64_t last = 0;
    double best = 1e9;
    civid__picture(pixels, 0);
    for (double bitrate = 0.25; bitrate <= 4; bitrate *= 2) {
        const uint64_t size =
            encode(pixels, PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_WIDTH, bitrate, data);
        image_t image = decode(data, size);
        double squares = 0;
        for (int32_t i = 0; image.pixels && i < PICTURE_WIDTH * PICTURE_HEIGHT; i++)
            squares += (image.pixels[i] - pixels[i]) * (image.pixels[i] - pixels[i]);
        CHECK_INT(image.status, CIVID_OK);
        CHECK(size > last && squares < best);
        /* Headers and tables apart, what was asked for is not exceeded by much. */
        CHECK(8.0 * (double)size < 1.3 * bitrate * PICTURE_WIDTH * PICTURE_HEIGHT + 8 * 900);
        last = size;
        best = squares;
        free(image.pixels);
    }
    free(data);
    free(pixels);
}

static void what_must_not_matter(void) {
    static uint8_t pixels[80 * 70], wide[96 * 70], data[1 << 15], again[1 << 15];
    waves(pixels, 80, 70);
    memset(wide, 0xee, sizeof wide);
    for (int32_t y = 0; y < 70; y++) memcpy(wide + 96 * y, pixels + 80 * y, 80);
    const uint64_t size = encode(pixels, 80, 70, 80, 0.75, data);
    CHECK_INT(encode(wide, 80, 70, 96, 0.75, again), size);
    CHECK(memcmp(data, again, size) == 0);
}

static uint64_t digest(const uint8_t *bytes, uint64_t size) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (uint64_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash;
}

/* On every processor the stream is the same, and so are the pixels. */
static void same_bits_everywhere(void) {
    uint8_t *pixels = civid__memory(PICTURE_WIDTH * PICTURE_HEIGHT), *data = civid__memory(ROOM);
    civid__picture(pixels, 1);
    const uint64_t size = encode(pixels, PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_WIDTH, 0.75, data);
    image_t image = decode(data, size);
    CHECK_INT(image.status, CIVID_OK);
    CHECK_INT(digest(data, size), -3700831147459326);
    CHECK_INT(digest(image.pixels, PICTURE_WIDTH * PICTURE_HEIGHT), -8528113741118832241);
    free(image.pixels);
    free(data);
    free(pixels);
}

static void one_grey_alone(void) {
    static uint8_t pixels[64 * 65], data[1 << 14];
    for (int32_t grey = 0; grey < 256; grey += 15) {
        memset(pixels, grey, sizeof pixels);
        image_t image = decode(data, encode(pixels, 64, 65, 64, 0.75, data));
        CHECK_INT(image.status, CIVID_OK);
        CHECK_INT(largest_difference(&image, pixels, 64), 0);
        free(image.pixels);
    }
}

/* Cut anywhere it is damaged; with a bit changed it is damaged or a picture, never more. */
static void damage(void) {
    static uint8_t pixels[72 * 68], data[1 << 14];
    waves(pixels, 72, 68);
    const uint64_t size = encode(pixels, 72, 68, 72, 0.5, data);
    for (uint64_t cut = 0; cut < size; cut++) {
        image_t image = decode(data, cut);
        CHECK_INT(image.status, CIVID_E_CORRUPT);
        CHECK(image.place.offset <= cut);
    }
    for (uint64_t bit = 0; bit < 8 * size; bit += 7) {
        data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        uint64_t bytes;
        int32_t width, height;
        const civid_status head = civid_wsq_decode_size(data, size, &width, &height, &bytes, NULL);
        if (head == CIVID_OK && (int64_t)width * height < 1 << 18) {
            image_t image = decode(data, size);
            CHECK(image.status == CIVID_OK || image.status == CIVID_E_CORRUPT);
            free(image.pixels);
        } else {
            CHECK(head == CIVID_OK || head == CIVID_E_CORRUPT || head == CIVID_E_DIMENSIONS);
        }
        data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* A stream of a 64 x 64 image where only the first sub-band, 2 x 2, is coded: one byte each. */
typedef struct {
    uint8_t bytes[700];
    uint64_t size;
} stream_t;

static void add(stream_t *s, const void *bytes, uint64_t count) {
    memcpy(s->bytes + s->size, bytes, count);
    s->size += count;
}
#define ADD(s, text) add((s), text, sizeof(text) - 1)

static stream_t start(void) {
    static uint8_t pixels[64 * 64], data[1 << 14];
    stream_t s = {.size = 0};
    waves(pixels, 64, 64);
    (void)encode(pixels, 64, 64, 64, 0.75, data);
    add(&s, data, 2 + 2 + 58); /* start of image, filters */
    ADD(&s, "\xff\xa5\x01\x85\x02\x00\x2c");
    ADD(&s, "\x00\x00\x40\x00\x00\x40"); /* width 64 */
    static const uint8_t none[63 * 6];
    add(&s, none, sizeof none);
    ADD(&s, "\xff\xa2\x00\x11\x00\xff\x00\x40\x00\x40\x00\x00\x80\x00\x00\x01\x02\x00\x00");
    /* Table 0: eight zeros are the value 1, 00000001 is a run of one zero. */
    ADD(&s, "\xff\xa6\x00\x15\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00"
            "\xb5\x01");
    ADD(&s, "\xff\xa3\x00\x03\x00");
    return s;
}

static civid_status with(const char *coded, uint64_t count, int64_t *coefficients) {
    stream_t s = start();
    add(&s, coded, count);
    image_t image = decode(s.bytes, s.size);
    if (coefficients) *coefficients = image.place.coefficients;
    if (image.pixels) CHECK(image.pixels[0] > 128);
    free(image.pixels);
    return image.status;
}
#define WITH(text, count) with(text, sizeof(text) - 1, count)

static void restarts_and_counts(void) {
    int64_t n;
    CHECK_INT(WITH("\0\0\0\0\xff\xa1", &n), CIVID_OK);
    CHECK_INT(n, 4);
    CHECK_INT(WITH("\0\1\0\1\xff\xa1", NULL), CIVID_OK);
    CHECK_INT(WITH("\0\0\0\xff\xa1", &n), CIVID_E_CORRUPT); /* one too few */
    CHECK_INT(n, 3);
    CHECK_INT(WITH("\0\0\0\0\0\xff\xa1", NULL), CIVID_E_CORRUPT);   /* one too many */
    CHECK_INT(WITH("\0\0\0\0\x7f\xff\xa1", NULL), CIVID_E_CORRUPT); /* a byte too many */
    CHECK_INT(WITH("\0\0\xff\xb0\0\0\xff\xa1", NULL), CIVID_OK);    /* a restart */
    CHECK_INT(WITH("\0\xff\xb0\0\xff\xb1\0\0\xff\xa1", NULL), CIVID_OK);
    CHECK_INT(WITH("\0\0\xff\xb1\0\0\xff\xa1", NULL), CIVID_E_CORRUPT); /* not the first one */
    CHECK_INT(WITH("\0\0\xff\xa3\0\3\0\0\0\xff\xa1", NULL), CIVID_OK);  /* another block */
    CHECK_INT(WITH("\0\0\xff\xa3\0\3\1\0\0\xff\xa1", NULL), CIVID_E_CORRUPT); /* no table 1 */
    CHECK_INT(WITH("\0\0\0\0\xff\xa8\0\5abc\xff\xa1", NULL), CIVID_OK);       /* a comment */
    CHECK_INT(WITH("\0\0\0\0\xff\xa8\0\1\xff\xa1", NULL), CIVID_E_CORRUPT);
    CHECK_INT(WITH("\0\0\0\0\xff\xa7\0\4\0\1\xff\xa1", NULL), CIVID_OK); /* a restart interval */
    CHECK_INT(WITH("\0\0\0\0\xff\xa9\0\4\0\1\xff\xa1", NULL), CIVID_E_CORRUPT);
    CHECK_INT(WITH("\0\0\0\0\xff\xa0\xff\xa1", NULL), CIVID_E_CORRUPT);
    CHECK_INT(WITH("\0\0\0\0\xff\xa1 and more", NULL), CIVID_OK);
    CHECK_INT(WITH("\0\0\0\0", NULL), CIVID_E_CORRUPT);
    CHECK_INT(WITH("\0\0\0\0\xff", NULL), CIVID_E_CORRUPT);
}

/* No segment may come in another's place, or be there for more than once where that has no sense. */
static void order_of_segments(void) {
    const stream_t whole = start();
    static const struct {
        uint64_t from, to;
    } parts[] = {{2, 62}, {62, 453}, {453, 472}, {472, 495}};
    for (uint32_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        stream_t s = {.size = 0};
        add(&s, whole.bytes, parts[i].from);
        add(&s, whole.bytes + parts[i].to, whole.size - parts[i].to);
        ADD(&s, "\0\0");
        stream_t late = s, twice = whole;
        ADD(&s, "\0\0\xff\xa1");
        CHECK_INT(decode(s.bytes, s.size).status, CIVID_E_CORRUPT);
        add(&late, whole.bytes + parts[i].from, parts[i].to - parts[i].from);
        ADD(&late, "\xff\xa3\0\3\0\0\0\xff\xa1");
        CHECK_INT(decode(late.bytes, late.size).status, CIVID_E_CORRUPT);
        if (parts[i].from == 62) continue; /* longer than this test's room */
        ADD(&twice, "\0\0");
        add(&twice, whole.bytes + parts[i].from, parts[i].to - parts[i].from);
        ADD(&twice, "\xff\xa3\0\3\0\0\0\xff\xa1");
        image_t image = decode(twice.bytes, twice.size);
        CHECK_INT(image.status, i == 3 ? CIVID_OK : CIVID_E_CORRUPT); /* tables may be redefined */
        free(image.pixels);
    }
    stream_t none = start();
    none.size -= 5;
    ADD(&none, "\xff\xa1");
    CHECK_INT(decode(none.bytes, none.size).status, CIVID_E_CORRUPT); /* no block */
}

static void bad_tables(void) {
    static const struct {
        uint64_t place;
        uint8_t value;
    } changes[] = {
        {9, 20},     /* a tap of a filter that is all but 0 */
        {69, 9},     /* a width that is */
        {5, 0},      /* the length of the filters */
        {6, 33},     /* more taps than are known */
        {6, 8},      /* even ones */
        {6, 7},      /* as many low-pass as high-pass taps */
        {461, 0xff}, /* a wider image than its coefficients make */
        {476, 8},    /* a Huffman table of number 8 */
        {477, 3},    /* three codes of one bit */
        {484, 200},  /* more symbols than there are bytes */
        {493, 255},  /* a symbol that has no meaning */
        {494, 0},    /* and another */
    };
    for (uint32_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        stream_t s = start();
        ADD(&s, "\0\1\0\1\xff\xa1");
        s.bytes[changes[i].place] = changes[i].value;
        image_t image = decode(s.bytes, s.size);
        CHECK_INT(image.status, CIVID_E_CORRUPT);
        if (image.status == CIVID_OK) fprintf(stderr, "  change %u\n", i);
        free(image.pixels);
    }
}

static void a_huge_image_is_refused(void) {
    stream_t s = start();
    uint64_t bytes;
    civid_wsq_place_t place;
    int32_t width, height;
    ADD(&s, "\0\0\0\0\xff\xa1");
    memcpy(s.bytes + 459, "\xff\xff\xff\xff", 4);
    CHECK_INT(civid_wsq_decode_size(s.bytes, s.size, &width, &height, &bytes, &place),
              CIVID_E_DIMENSIONS);
    CHECK_INT(width, 65535);
    CHECK_INT(place.offset, 453);
    CHECK_INT(place.marker, 0xa2);
    CHECK_INT(bytes, 0);
}

int main(void) {
    RUN(arguments);
    RUN(there_and_back);
    RUN(bits_are_worth_something);
    RUN(what_must_not_matter);
    RUN(same_bits_everywhere);
    RUN(one_grey_alone);
    RUN(damage);
    RUN(restarts_and_counts);
    RUN(order_of_segments);
    RUN(bad_tables);
    RUN(a_huge_image_is_refused);
    return DONE();
}
