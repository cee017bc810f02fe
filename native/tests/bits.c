/* Prints digests of extraction, preparation, comparison and the prefilter for every instruction set there
 * is here. `make cross` runs it on two processors and wants the same lines from both. Everything that
 * goes in is made of integers, so that no libm has a hand in it. */
#include <string.h>

#include "picture.h"
#include "test.h"

enum { PRINTS = 4, WIDTH = PICTURE_WIDTH, HEIGHT = PICTURE_HEIGHT };

static uint64_t digest(uint64_t hash, const void *data, size_t size) {
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) hash = (hash ^ bytes[i]) * 0x100000001b3u;
    return hash;
}

/* Packed templates, scan codes, and what a prefilter of every print among all of them finds. */
static uint64_t prefiltered(uint64_t hash, const civid_minutia_t *minutiae, const int64_t *of) {
    static const int64_t first[PRINTS + 1] = {0, 1, 2, 3, 4};
    static const uint8_t positions[PRINTS] = {1, 2, 0, 1};
    enum { ROOM = PRINTS * CIVID_MAX_MINUTIAE };
    uint64_t offsets[PRINTS + 1], codes[ROOM], details[ROOM], size;
    for (int32_t k = 0; k <= PRINTS; k++) offsets[k] = 8 * (uint64_t)(of[k] + k);
    uint8_t *block = civid__memory(offsets[PRINTS]);
    CHECK_INT(civid_index_many(minutiae, of, NULL, PRINTS, 0, block, offsets[PRINTS], offsets, codes,
                               details),
              CIVID_OK);
    hash = digest(hash, block, offsets[PRINTS]);
    hash = digest(hash, codes, 8 * (size_t)of[PRINTS]);
    hash = digest(hash, details, 8 * (size_t)of[PRINTS]);
    const civid_part_t part = {block, offsets[PRINTS], offsets, positions, first,
                               NULL,  codes,           details, PRINTS,    PRINTS};
    civid_candidate_t found[PRINTS * PRINTS];
    int64_t counts[PRINTS];
    CHECK_INT(civid_prefilter_scratch_size(PRINTS, PRINTS, &size), CIVID_OK);
    void *scratch = civid__memory(size);
    CHECK_INT(civid_prefilter(&part, first, PRINTS, &part, 0, PRINTS, NULL, 2, CIVID_PREFILTER_ANY_FINGER,
                         scratch, size, PRINTS, found, counts),
              CIVID_OK);
    for (int32_t k = 0; k < PRINTS; k++) CHECK_INT(counts[k], PRINTS);
    hash = digest(hash, found, sizeof found);
    for (int32_t i = 0; i < PRINTS; i++)
        for (int32_t j = 0; j < PRINTS; j++) {
            int32_t measured[2];
            CHECK_INT(civid_prefilter_measure(&part, i, &part, j, measured, measured + 1), CIVID_OK);
            hash = digest(hash, measured, sizeof measured);
        }
    free(scratch);
    free(block);
    return hash;
}

static uint64_t learned(uint64_t hash, const uint8_t *pixels, double dpi) {
    civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
    memset(minutiae, 0, sizeof minutiae);
    civid_print_t print;
    int32_t w, h;
    uint64_t size;
    CHECK_INT(civid_extract_learned_size(WIDTH, HEIGHT, dpi, &w, &h, &size), CIVID_OK);
    void *workspace = civid__memory(size);
    CHECK_INT(civid_extract_learned(pixels, WIDTH, HEIGHT, WIDTH, dpi, NULL, workspace, size, minutiae,
                                    CIVID_MAX_MINUTIAE, &print, NULL, NULL, 0),
              CIVID_OK);
    free(workspace);
    return digest(digest(hash, &print, sizeof print), minutiae, sizeof minutiae);
}

static uint64_t all(void) {
    uint64_t hash = 0xcbf29ce484222325u, sizes[PRINTS];
    void *prepared[PRINTS];
    uint8_t *pixels = civid__memory(WIDTH * HEIGHT);
    civid_minutia_t together[PRINTS * CIVID_MAX_MINUTIAE];
    int64_t of[PRINTS + 1] = {0};
    for (int32_t k = 0; k < PRINTS; k++) {
        static const double dpis[PRINTS] = {500, 512, 389.5, 700};
        civid_minutia_t minutiae[CIVID_MAX_MINUTIAE];
        memset(minutiae, 0, sizeof minutiae);
        civid_print_t print;
        civid_figures_t figures;
        int32_t w, h;
        uint64_t size;
        civid__picture(pixels, k / 2);
        CHECK_INT(civid_extract_size(WIDTH, HEIGHT, dpis[k], &w, &h, &size), CIVID_OK);
        void *workspace = civid__memory(size);
        CHECK_INT(civid_extract(pixels, WIDTH, HEIGHT, WIDTH, dpis[k], NULL, workspace, size, minutiae,
                                CIVID_MAX_MINUTIAE, &print, &figures, NULL, 0),
                  CIVID_OK);
        free(workspace);
        hash = learned(hash, pixels, dpis[k]);
        hash = digest(hash, &figures, sizeof figures);
        CHECK(print.minutiae > 5);
        hash = digest(hash, &print, sizeof print);
        hash = digest(hash, minutiae, sizeof minutiae);
        memcpy(together + of[k], minutiae, (size_t)print.minutiae * sizeof *minutiae);
        of[k + 1] = of[k] + print.minutiae;
        CHECK_INT(civid_prepared_size(print.minutiae, &sizes[k]), CIVID_OK);
        prepared[k] = civid__memory(sizes[k]);
        CHECK_INT(civid_prepare(minutiae, print.minutiae, 0, prepared[k], sizes[k]), CIVID_OK);
        hash = digest(hash, prepared[k], sizes[k]);
    }
    uint64_t size;
    CHECK_INT(civid_compare_scratch_size(&size), CIVID_OK);
    void *scratch = civid__memory(size);
    for (int32_t i = 0; i < PRINTS; i++)
        for (int32_t j = 0; j < PRINTS; j++) {
            civid_comparison_t out;
            CHECK_INT(civid_compare(prepared[i], sizes[i], prepared[j], sizes[j], NULL, scratch, size,
                                    &out, NULL, 0),
                      CIVID_OK);
            hash = digest(hash, &out, sizeof out);
        }
    hash = prefiltered(hash, together, of);
    for (int32_t i = 0; i < PRINTS; i++) free(prepared[i]);
    free(scratch);
    free(pixels);
    return hash;
}

int main(void) {
    uint64_t portable = 0;
    for (int32_t isa = 0; isa < CIVID_ISA_COUNT; isa++) {
        if (civid_cpu_force(isa) != CIVID_OK) continue;
        const uint64_t hash = all();
        if (isa == CIVID_ISA_PORTABLE) portable = hash;
        CHECK(hash == portable);
    }
    printf("bits %016llx\n", (unsigned long long)portable);
    return civid__failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
