/* What takes a number or a name and needs no buffer: a status or NULL for each that makes no sense. */
#include "fuzz.h"

static void sizes(uint32_t number) {
    uint64_t size = 7;
    const int32_t fits = (int32_t)number >= 0 && number <= CIVID_MAX_MINUTIAE;
    REQUIRE(civid_prepared_size((int32_t)number, &size) == (fits ? CIVID_OK : CIVID_E_COUNT));
    REQUIRE(fits ? size % 64 == 0 : size == 7);
    REQUIRE(civid_packed_size((int32_t)number, &size) == (fits ? CIVID_OK : CIVID_E_COUNT));
    REQUIRE(!fits || size == 8 + 8 * number);
    REQUIRE(civid_compare_scratch_size(&size) == CIVID_OK && size > 0);
}

static void names(int32_t number) {
    REQUIRE(civid_strerror(number) != NULL);
    REQUIRE((civid_stage_name(number) != NULL) == (number >= 0 && number < CIVID_STAGE_COUNT));
    REQUIRE((civid_extractor_name(number) != NULL) ==
            (number >= 0 && number < CIVID_EXTRACTOR_COUNT));
    REQUIRE((civid_cpu_name(number) != NULL) == (number >= 0 && number < CIVID_ISA_COUNT));
    REQUIRE(!civid_cpu_available(number) || civid_cpu_name(number) != NULL);
}

static void force(int32_t isa) {
    const int32_t before = civid_cpu_active();
    if (civid_cpu_force(isa) == CIVID_OK)
        REQUIRE(isa == -1 || civid_cpu_active() == isa);
    else
        REQUIRE(!civid_cpu_available(isa) && civid_cpu_active() == before);
    REQUIRE(civid_cpu_force(before) == CIVID_OK);
}

static void calibrate(input_t *in) {
    const int32_t which = take(in, 1) % 8 ? CIVID_CALIBRATION_CLASSICAL : (int32_t)take(in, 4);
    int32_t low = (int32_t)take(in, 4), high = (int32_t)take(in, 4);
    if (low > high) {
        const int32_t kept = low;
        low = high, high = kept;
    }
    float less = -1, more = -1;
    const civid_status status = civid_calibrate(which, low, &less);
    REQUIRE(status == civid_calibrate(which, high, &more));
    REQUIRE(status == CIVID_OK ? less >= 0 && less <= more : less == -1 && more == -1);
}

static void name_extractors(input_t *in) {
    static const char ours[] = "civid-classical/1";
    char given[2][sizeof ours];
    int32_t calibration = -1;
    memcpy(given[0], ours, sizeof ours), memcpy(given[1], ours, sizeof ours);
    for (uint32_t n = take(in, 1) % 4; n > 0; n--)
        given[n % 2][take(in, 1) % (sizeof ours - 1)] = (char)take(in, 1);
    const int32_t same = !strcmp(given[0], ours) && !strcmp(given[1], ours);
    REQUIRE(civid_calibration(given[0], given[1], &calibration) ==
            (same ? CIVID_OK : CIVID_E_CALIBRATION));
    REQUIRE(calibration == (same ? CIVID_CALIBRATION_CLASSICAL : -1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    input_t in = {data, size};
    const uint32_t small = take(&in, 1), large = take(&in, 4);
    uint64_t bytes;
    sizes(small), sizes(large), sizes(small - 1);
    names((int32_t)small - 1), names((int32_t)large);
    force((int32_t)small % 8 - 2), force((int32_t)large);
    calibrate(&in);
    name_extractors(&in);
    (void)civid_prefilter_scratch_size((int64_t)absurd(&in), (int64_t)absurd(&in), &bytes);
    (void)civid_inverted_scratch_size((int64_t)absurd(&in), (int64_t)absurd(&in), &bytes);
    REQUIRE(civid_abi_version() == CIVID_ABI_VERSION);
    return 0;
}
