/* Status values are pinned for ever: programs and files of others depend on them. */
#include <string.h>

#include "test.h"

static void values_are_pinned(void) {
    CHECK_INT(CIVID_OK, 0);
    CHECK_INT(CIVID_E_NULL, 1);
    CHECK_INT(CIVID_E_CAPACITY, 2);
    CHECK_INT(CIVID_E_DIMENSIONS, 3);
    CHECK_INT(CIVID_E_DPI, 4);
    CHECK_INT(CIVID_E_COUNT, 5);
    CHECK_INT(CIVID_E_VALUE, 6);
    CHECK_INT(CIVID_E_CORRUPT, 7);
    CHECK_INT(CIVID_E_ISA, 8);
    CHECK_INT(CIVID_E_CALIBRATION, 9);
    CHECK_INT(CIVID_CALIBRATION_CLASSICAL, 0);
    CHECK_INT(CIVID_CALIBRATION_NEURAL, 1);
    CHECK_INT(CIVID_CALIBRATION_MIXED, 2);
    CHECK_INT(CIVID_EXTRACTOR_CLASSICAL, 0);
    CHECK_INT(CIVID_EXTRACTOR_NEURAL, 1);
}

static void every_status_has_its_own_words(void) {
    for (civid_status a = CIVID_OK; a <= CIVID_E_CALIBRATION; a++) {
        CHECK(civid_strerror(a) != NULL && strlen(civid_strerror(a)) > 1);
        CHECK(strcmp(civid_strerror(a), "unknown status") != 0);
        for (civid_status b = CIVID_OK; b < a; b++)
            CHECK(strcmp(civid_strerror(a), civid_strerror(b)) != 0);
    }
}

static void unknown_numbers_have_words_too(void) {
    CHECK(strcmp(civid_strerror(CIVID_E_CALIBRATION + 1), "unknown status") == 0);
    CHECK(strcmp(civid_strerror(-1), "unknown status") == 0);
    CHECK(strcmp(civid_strerror(INT32_MAX), "unknown status") == 0);
    CHECK(strcmp(civid_strerror(INT32_MIN), "unknown status") == 0);
}

static void version_is_that_of_the_header(void) {
    CHECK_INT(civid_abi_version(), CIVID_ABI_VERSION);
}

int main(void) {
    RUN(values_are_pinned);
    RUN(every_status_has_its_own_words);
    RUN(unknown_numbers_have_words_too);
    RUN(version_is_that_of_the_header);
    return DONE();
}
