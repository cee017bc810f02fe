/* civid.h - the only public C header of civid.
 *
 * Rules of the house
 *   - every function returns a civid_status (0 = ok); results go through out-pointers
 *   - no function keeps state between calls; all of them may run in parallel threads
 *   - the caller owns every buffer; the *_size functions tell how large it has to be
 *   - nothing is allocated, nothing is printed, nothing aborts
 *   - same input, same bits, on every CPU
 *
 * Everything between the two cdef marks is read by cffi (native/build_ffi.py), so the C
 * compiler and Python can never disagree about it: keep to plain declarations there.
 */
#ifndef CIVID_H
#define CIVID_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* cdef: begin */

/* Changes whenever a struct or a signature below changes. Checked by Python when it loads. */
#define CIVID_ABI_VERSION 10
int32_t civid_abi_version(void);

/* ---- status: values are pinned for ever, new ones are appended -------------------------- */

typedef int32_t civid_status;

#define CIVID_OK 0
#define CIVID_E_NULL 1       /* a pointer that must not be NULL was NULL */
#define CIVID_E_CAPACITY 2   /* a buffer of the caller is too small */
#define CIVID_E_DIMENSIONS 3 /* width, height or stride outside the supported range */
#define CIVID_E_DPI 4        /* resolution outside the supported range */
#define CIVID_E_COUNT 5      /* more items than supported */
#define CIVID_E_VALUE 6      /* a number is not finite or outside its range */
#define CIVID_E_CORRUPT 7    /* a prepared or packed template, or a stream, fails its checks */
#define CIVID_E_ISA 8        /* this instruction set is not available here */
#define CIVID_E_CALIBRATION 9 /* no calibration for these extractors, or none of this number */

/* One line of English for a status; never NULL, static storage. */
const char *civid_strerror(civid_status status);

/* ---- cpu: instruction sets, chosen once at first use ------------------------------------ */

#define CIVID_ISA_PORTABLE 0
#define CIVID_ISA_AVX2 1
#define CIVID_ISA_AVX512 2 /* F, BW, DQ, VL, VNNI, VPOPCNTDQ */
#define CIVID_ISA_NEON 3
#define CIVID_ISA_COUNT 4

/* "portable", "avx2", "avx512", "neon"; NULL for an unknown number. */
const char *civid_cpu_name(int32_t isa);
/* 1 when compiled in and supported by this CPU and operating system, else 0. */
int32_t civid_cpu_available(int32_t isa);
/* The one in use. */
int32_t civid_cpu_active(void);
/* Use this one in the whole process; -1 = the best again. Meant for tests. */
civid_status civid_cpu_force(int32_t isa);

/* ---- minutiae --------------------------------------------------------------------------- */

#define CIVID_KIND_OTHER 0
#define CIVID_KIND_ENDING 1
#define CIVID_KIND_BIFURCATION 2

/* A template holds at most this many (the limit of ISO/IEC 19794-2). */
#define CIVID_MAX_MINUTIAE 255

typedef struct {
    float x;          /* px at 500 dpi, to the right from the left edge */
    float y;          /* px at 500 dpi, down from the top edge */
    float angle;      /* radians in [0, 2 pi), counter-clockwise from +x, ISO/IEC 19794-2 sense */
    uint8_t kind;     /* CIVID_KIND_* */
    uint8_t quality;  /* 1..100, 0 = not reported */
    uint16_t reserved; /* 0 */
} civid_minutia_t;

/* ---- parameters: what a researcher may change, each set a struct below ------------------- */

#define CIVID_PARAMETERS_EXTRACTION 0 /* civid_extraction_t */
#define CIVID_PARAMETERS_COMPARISON 1 /* civid_comparator_t */
#define CIVID_PARAMETERS_FUSION 2     /* civid_fusion_t */
#define CIVID_PARAMETERS_COUNT 3

/* How a field is kept. */
#define CIVID_KEPT_INT32 0
#define CIVID_KEPT_FLOAT 1
#define CIVID_KEPT_DOUBLE 2

/* Fields and bytes of a set. CIVID_E_VALUE: no such set; so for all of these. */
civid_status civid_parameters_size(int32_t set, int32_t *fields, uint64_t *size);

/* The name, kind (CIVID_KEPT_*) and range of field 0 .. fields - 1, in the order of the struct.
 * CIVID_E_VALUE: no such field. */
civid_status civid_parameters_field(int32_t set, int32_t field, const char **name, int32_t *kind,
                                    double *least, double *most);

/* Fill a struct of this set. CIVID_E_CAPACITY: size is not its size. */
civid_status civid_parameters_defaults(int32_t set, void *values, uint64_t size);

/* CIVID_E_VALUE: a field is out of its range, or above one that it must not be above; field: which
 * one, -1 = none. */
civid_status civid_parameters_check(int32_t set, const void *values, uint64_t size,
                                    int32_t *field);

/* ---- extraction ------------------------------------------------------------------------- */

/* Limits of an image after resampling to 500 dpi, px. */
#define CIVID_MIN_SIDE 48
#define CIVID_MAX_SIDE 2048
#define CIVID_MIN_DPI 100
#define CIVID_MAX_DPI 4000

/* Stages whose output can be captured, in the order in which they run. */
#define CIVID_STAGE_RESAMPLED 0   /* uint8, full size */
#define CIVID_STAGE_MASK 1        /* uint8 0/255, full size */
#define CIVID_STAGE_NORMALIZED 2  /* int8, full size */
#define CIVID_STAGE_ORIENTATION 3 /* float radians [0, pi), one value a block */
#define CIVID_STAGE_COHERENCE 4   /* float 0..1, one value a block */
#define CIVID_STAGE_PERIOD 5      /* float px, one value a block */
#define CIVID_STAGE_ENHANCED 6    /* int8, full size, ridges positive */
#define CIVID_STAGE_BINARY 7      /* uint8 0/255, ridges 255 */
#define CIVID_STAGE_SKELETON 8    /* uint8 0/255, ridges one px wide */
#define CIVID_STAGE_RAW_MINUTIAE 9 /* civid_minutia_t before the false-minutiae filters, height 1 */
#define CIVID_STAGE_QUALITY 10    /* uint8 0..100, one value a block */
#define CIVID_STAGE_FEATURES 11   /* float, one value a block, map under map: CIVID_FIELD_FEATURES of them; of civid_extract_learned alone */
#define CIVID_STAGE_COUNT 12
#define CIVID_FIELD_FEATURES 62   /* what the network of fields sees */

const char *civid_stage_name(int32_t stage);

/* A request to copy one stage out. The caller sets stage, data and capacity; the call fills the
 * rest. width = height = 0 afterwards means that the stage was not reached. */
typedef struct {
    int32_t stage;
    int32_t width;     /* items in a row */
    int32_t height;    /* rows */
    int32_t item_size; /* bytes an item */
    void *data;
    uint64_t capacity; /* bytes */
} civid_capture_t;

typedef struct {
    int32_t width;      /* size at 500 dpi, px */
    int32_t height;
    int32_t minutiae;   /* how many were written */
    int32_t quality;    /* 0..100 */
    float foreground;   /* share of the image that is print, 0..1 */
    float period;       /* median ridge period, px at 500 dpi; 0 = unknown */
} civid_print_t;

/* A piece of the print that hangs together: how many blocks of 8 x 8 px, and the sums of their places,
 * in blocks from the left and from the top. */
typedef struct {
    int32_t blocks, reserved;
    int64_t x_sum, y_sum;
} civid_piece_t;

/* What a poor print is explained by, at 500 dpi; only px of the print count. */
typedef struct {
    int32_t greys[256];     /* px by their grey level */
    int32_t ridge_px;       /* of the binary image */
    int32_t valley_px;
    int64_t ridge_sum;      /* of grey levels */
    int64_t valley_sum;
    int64_t x_sum, y_sum;   /* of the places of all px */
    int32_t at_side[4];     /* px among the 8 outermost: left, right, top, bottom */
    int32_t line_px;        /* middle lines of ridges, where ridges and valleys are near */
    int32_t light_px;       /* those of them that are lighter than the middle grey around */
    int32_t blocks;         /* of 8 x 8 px */
    int32_t reserved;
    double coherence_sum;   /* over these blocks */
    civid_piece_t pieces[2]; /* the largest, and the next; the upper left one of two alike first */
} civid_figures_t;

/* What a researcher may change of the extraction; each field with its unit, px at 500 dpi.
 * civid_parameters_defaults fills it. */
typedef struct {
    float contrast_least; /* grey levels: a block with less is no print */
    float contrast_share; /* of the print's contrast: neither is one with less */
    float ridge_share; /* of the amplitude that the filter has to keep in a block */
    int32_t mask_least_blocks; /* smaller pieces of print are dropped; blocks of 8 x 8 px */
    int32_t mask_most_hole; /* smaller holes in it are filled; blocks */
    float period_least; /* px; shorter ridge periods are errors */
    float period_most; /* px; so are longer ones */
    float period_default; /* px; where none can be measured */
    float second_look; /* how far the direction of the enhanced image is trusted */
    float sigma_across; /* Gabor envelope across the ridge, periods */
    float sigma_along; /* and along it */
    int32_t hole_area; /* px: smaller holes in ridges are filled: pores */
    int32_t speck_area; /* px: smaller pieces of ridge go */
    float spur_length; /* periods: shorter spurs of the skeleton go */
    float island_length; /* periods: so do shorter lines of their own */
    float gap_length; /* periods: shorter gaps between facing ends close */
    float bridge_length; /* periods: shorter lines across two ridges go */
    float lake_length; /* periods: shorter enclosures lose a side */
    int32_t border_ahead; /* px that the print goes on in front of an ending */
    int32_t border_distance; /* px that it goes on all round a minutia */
    float twin_distance; /* px: facing minutiae this near go */
    float crowd_radius; /* px: minutiae with more than crowd_most others this near go */
    int32_t crowd_most; /* others */
    int32_t least_quality; /* of a minutia that is reported */
} civid_extraction_t;
/* Size at 500 dpi and bytes of workspace for an image. */
civid_status civid_extract_size(int32_t width, int32_t height, double dpi, int32_t *out_width,
                                int32_t *out_height, uint64_t *workspace_size);

/* Find the minutiae of one grey image: dark ridges on light ground, row by row, stride bytes
 * apart. workspace: workspace_size bytes, 64-byte aligned, contents ignored. An image without a
 * print is not an error: it has 0 minutiae and quality 0. parameters: NULL = the defaults, else
 * CIVID_E_VALUE where civid_parameters_check refuses them. figures may be NULL. */
civid_status civid_extract(const uint8_t *pixels, int32_t width, int32_t height, int64_t stride,
                           double dpi, const civid_extraction_t *parameters, void *workspace,
                           uint64_t workspace_size, civid_minutia_t *minutiae, int32_t capacity,
                           civid_print_t *print, civid_figures_t *figures, civid_capture_t *captures,
                           int32_t capture_count);

/* The same, and once it knows the ridges a small network corrects their directions; with those it looks
 * again. Some three times the time. The workspace is larger: civid_extract_learned_size says how
 * large. The captured features are those that the network saw. */
civid_status civid_extract_learned_size(int32_t width, int32_t height, double dpi,
                                        int32_t *out_width, int32_t *out_height,
                                        uint64_t *workspace_size);
civid_status civid_extract_learned(
    const uint8_t *pixels, int32_t width, int32_t height, int64_t stride, double dpi,
    const civid_extraction_t *parameters, void *workspace, uint64_t workspace_size,
    civid_minutia_t *minutiae, int32_t capacity, civid_print_t *print, civid_figures_t *figures,
    civid_capture_t *captures, int32_t capture_count);

/* Fields of a print that were found elsewhere, for research: one value a block of 8 x 8 px at
 * 500 dpi, row by row. What is NULL the extraction finds itself. */
typedef struct {
    int32_t blocks_x, blocks_y; /* (size at 500 dpi + 7) / 8 */
    int32_t look_again;         /* 1: the directions are a first look, and the second corrects them */
    int32_t reserved;           /* 0 */
    const float *cosine, *sine; /* -1..1: of twice the ridge's direction; both 0 where it is unknown */
    const float *period;        /* px from ridge to ridge, 4..20 */
    const uint8_t *mask;        /* 0 = no print */
} civid_fields_t;

/* civid_extract with fields given. CIVID_E_DIMENSIONS: they are not of the image's size;
 * CIVID_E_VALUE: one is out of its range. fields: NULL = none. */
civid_status civid_extract_with_fields(
    const uint8_t *pixels, int32_t width, int32_t height, int64_t stride, double dpi,
    const civid_extraction_t *parameters, const civid_fields_t *fields, void *workspace,
    uint64_t workspace_size, civid_minutia_t *minutiae, int32_t capacity, civid_print_t *print,
    civid_figures_t *figures, civid_capture_t *captures, int32_t capture_count);

/* ---- comparison ------------------------------------------------------------------------- */

/* Who found the minutiae of a template: a template says it, because what a raw similarity is worth
 * depends on it. Numbers are pinned for ever, new ones are appended. */
#define CIVID_EXTRACTOR_CLASSICAL 0 /* "civid-classical/1", and whoever is not known */
#define CIVID_EXTRACTOR_NEURAL 1    /* "civid-neural/1" */
#define CIVID_EXTRACTOR_COUNT 2

/* Template.extractor of one; NULL for an unknown number. */
const char *civid_extractor_name(int32_t extractor);

/* Bytes of a prepared template with this many minutiae (a multiple of 64). */
civid_status civid_prepared_size(int32_t count, uint64_t *size);

/* Turn minutiae into the form that is compared: flat, relocatable, the same on every CPU, to be
 * kept 64-byte aligned. Any count from 0 to CIVID_MAX_MINUTIAE is accepted. extractor:
 * CIVID_EXTRACTOR_*, else CIVID_E_CALIBRATION. */
civid_status civid_prepare(const civid_minutia_t *minutiae, int32_t count, int32_t extractor,
                           void *prepared, uint64_t size);

/* Check a prepared template that comes from outside (a file): after CIVID_OK it can be compared
 * without any risk. CIVID_E_CALIBRATION: undamaged, but of an extractor that is not known here. */
civid_status civid_prepared_check(const void *prepared, uint64_t size);

/* A packed template is what a prepared one is made of and nothing more: 8 + 8 * count bytes, flat,
 * relocatable, the same on every CPU, to be kept 8-byte aligned. */
civid_status civid_packed_size(int32_t count, uint64_t *size);

/* Round and sort minutiae, as civid_prepare does, and keep only that. */
civid_status civid_pack(const civid_minutia_t *minutiae, int32_t count, int32_t extractor,
                        void *packed, uint64_t size);

/* Check a packed template that comes from outside; size: exactly its bytes. CIVID_E_CALIBRATION: as
 * for a prepared one. */
civid_status civid_packed_check(const void *packed, uint64_t size);

/* Check a packed template and prepare it: the same bytes as civid_prepare of the minutiae that were
 * packed. What civid_packed_check refuses leaves prepared as it was. */
civid_status civid_unpack(const void *packed, uint64_t size, void *prepared,
                          uint64_t prepared_size);

typedef struct {
    uint8_t probe;     /* index into the minutiae of the first template */
    uint8_t reference; /* index into the minutiae of the second */
} civid_pair_t;

typedef struct {
    float score;   /* -10 log10 of the false match rate, >= 0 */
    int32_t raw;   /* uncalibrated similarity, >= 0, what the calibration is fitted to */
    int32_t pairs; /* paired minutiae */
} civid_comparison_t;

/* What a researcher may change of the comparison (compare/compare_params.h tells where the defaults
 * come from). Lengths are px at 500 dpi. With other values than the defaults a score is on the scale
 * that was calibrated with them, and no false match rate. */
typedef struct {
    int32_t candidates_least; /* pairs of like minutiae to start from, at least */
    int32_t candidates_most;
    int32_t code_chance;      /* bits of 256 that differ: likeness that counts as none */
    int32_t relax_rounds;
    float relax_gain;         /* what compatible candidates weigh against a candidate's own likeness */
    float distance_base;      /* px that two distances may differ by */
    float distance_slope;     /* px a px more: skin stretches */
    float direction_tolerance; /* rad */
    float bearing_tolerance;  /* rad, far away */
    float bearing_near;       /* px: what position noise adds close by */
    float bearing_soft;       /* px */
    float support_least;      /* mean compatibility with the pairs chosen so far, 0..1 */
    int32_t pairing_rounds;
    float rotation_weight;    /* px^2: what directions weigh against positions in the movement */
    float local_prior;        /* weight of no local distortion, in pairs */
    float local_reach;        /* px at which a pair's word on distortion counts a quarter */
    float pair_distance;      /* px that paired minutiae may lie apart */
    float pair_direction;     /* rad that they may be turned */
    float hull_margin;        /* px by which the other print is widened for the overlap */
    int32_t grow_from;        /* raw similarity above which the pairing is grown */
    int32_t grow_cluster;     /* candidates of a second movement, at least */
    float grow_support;       /* mean compatibility with those chosen so far, 0..1 */
    int32_t grow_rounds;
    float grow_reach;         /* px at which a pair's word on place, turn and scale counts a quarter */
    float grow_prior;         /* weight of no local shift, in pairs */
    float grow_stiffness;     /* px^2: weight of no local turn and scale */
    float grow_distance;      /* px that paired minutiae may lie apart */
    int32_t look_from;        /* raw similarity above which the second look is taken */
    float look_ramp;          /* raw, from there to its full force */
    float look_reach;         /* px around which the density of minutiae is taken */
    float look_noise;         /* px that a minutia's place is known to */
    float look_plain;         /* mean surprise of a pair, nats, that changes nothing */
    float look_gain;          /* raw a nat */
    float look_least;         /* raw: most that is taken away, below 0 */
    float look_most;          /* raw: most that is added */
    int32_t look_few;         /* pairs up to which nothing is added */
    int32_t look_many;        /* pairs from which all is */
    float look_kept;          /* share of what lies above look_from that is always kept */
} civid_comparator_t;

/* Bytes of scratch that a comparison needs; the same for every pair. */
civid_status civid_compare_scratch_size(uint64_t *size);

/* Impostors were measured for a pair of extractors at a time. Numbers are pinned for ever, new ones
 * are appended. */
#define CIVID_CALIBRATION_CLASSICAL 0 /* "civid-classical/1" on both sides */
#define CIVID_CALIBRATION_NEURAL 1    /* "civid-neural/1" on both sides */
#define CIVID_CALIBRATION_MIXED 2     /* one of each */
#define CIVID_CALIBRATION_COUNT 3

/* The calibration for minutiae of these two extractors (Template.extractor), in either order.
 * CIVID_E_CALIBRATION: none was measured, which includes the empty name. */
civid_status civid_calibration(const char *probe, const char *reference, int32_t *calibration);

/* The score of a raw similarity. Beyond the last impostors measured it goes on in a straight line. */
civid_status civid_calibrate(int32_t calibration, int32_t raw, float *score);

/* Compare two prepared templates. The calibration is that of their extractors (CIVID_E_CALIBRATION:
 * one of them is not known here). comparator: NULL = the defaults, else CIVID_E_VALUE where
 * civid_parameters_check refuses it. Symmetric: the scores of (a, b) and (b, a) are equal. pairs may
 * be NULL; otherwise up to capacity pairs are written. */
civid_status civid_compare(const void *probe, uint64_t probe_size, const void *reference,
                           uint64_t reference_size, const civid_comparator_t *comparator,
                           void *scratch, uint64_t scratch_size, civid_comparison_t *out,
                           civid_pair_t *pairs, int32_t capacity);

/* One probe against count references that lie in one block: reference i starts at
 * block + offsets[i], ends at block + offsets[i + 1] (count + 1 offsets, multiples of 64). */
civid_status civid_compare_many(const void *probe, uint64_t probe_size, const void *block,
                                const uint64_t *offsets, int64_t count,
                                const civid_comparator_t *comparator, void *scratch,
                                uint64_t scratch_size, float *scores);

/* ---- search ----------------------------------------------------------------------------- */

/* A finger of a set has one of the positions 0..10 of ISO/IEC 19794-2; 0 = unknown. */
#define CIVID_POSITIONS 11

/* Subjects with their prepared templates, as flat arrays, so that they may lie in a mapped file.
 * The fingers of subject s are first[s] .. first[s + 1] - 1, by strictly ascending position;
 * the prepared template of finger f is block + offsets[f] .. offsets[f + 1] (multiples of 64). */
typedef struct {
    const void *block;
    uint64_t block_size;
    const uint64_t *offsets;  /* finger_count + 1 */
    const uint8_t *positions; /* finger_count */
    const int64_t *first;     /* subject_count + 1 */
    const uint8_t *alive;     /* subject_count, 0 = passed over; NULL = all alive */
    int64_t finger_count;
    int64_t subject_count;
} civid_subjects_t;

/* Two subjects and how alike their fingers are. */
typedef struct {
    int64_t probe;     /* index of the subject */
    int64_t reference;
    float score;       /* fused: -10 log10 of the false match rate, >= 0 */
    int32_t terms;     /* independent scores that were fused, > 0 */
} civid_candidate_t;

/* One of the terms of a fused score. */
typedef struct {
    float score;               /* of this comparison alone */
    int32_t pairs;             /* paired minutiae */
    uint8_t probe_position;
    uint8_t reference_position;
    uint16_t compared;         /* it is the best of so many: 1, or more for an unknown finger */
} civid_evidence_t;

/* The labels of positions are not trusted: besides the fingers as labelled, sets are compared with
 * the hands mixed, with two fingers exchanged, and in the best of all orders. The score is that of
 * the best of these, less what the choice among them costs. Every finger is compared with every
 * other: a hundred comparisons for two times ten fingers. */
#define CIVID_MATCH_SWAPPED 1
/* Compare two fingers first, those with the most minutiae, and the others only where these two
 * leave it open. Cannot be joined with CIVID_MATCH_SWAPPED. */
#define CIVID_MATCH_DECIDE 2

/* What a researcher may change of the fusion (search/search_params.h). With other values than the
 * defaults a fused score is no false match rate. The prices: see search/match/swapped.c; they keep a
 * score's meaning only while the sum of 10^(-price/10) is at most 1. */
typedef struct {
    double dependence;       /* covariance of -ln p between two fingers of a person, 0..1 */
    double price_labelled;   /* dB, of a search of swapped fingers: as labelled, */
    double price_other_hand; /* the hands mixed, */
    double price_other_slap; /* a slap counted from the wrong end, */
    double price_exchanged;  /* two fingers exchanged, */
    double price_any;        /* any order */
} civid_fusion_t;

/* How two sets of fingers are compared. NULL in place of it: all 0. */
typedef struct {
    int32_t flags;  /* CIVID_MATCH_* */
    float decided;  /* DECIDE: a fused score of two that is enough; INFINITY = none is */
    float hopeless; /* DECIDE: one that ends it, less than decided; below 0 = none does */
    const civid_comparator_t *comparator; /* NULL = the defaults */
    const civid_fusion_t *fusion;         /* NULL = the defaults */
} civid_rules_t;

/* The score of the scores of count (1..CIVID_POSITIONS) fingers of a person, each in -10 log10 of
 * a false match rate and >= 0: Fisher's method, corrected for the little that the fingers of a
 * person depend on each other. One score is its own fusion, to the bit. fusion: NULL = the defaults. */
civid_status civid_fuse(const float *scores, int32_t count, const civid_fusion_t *fusion,
                        float *fused);

/* Prepare many templates in one call: template i has minutiae first[i] .. first[i + 1] - 1, of
 * extractors[i] (NULL: all 0), and is written to block + offsets[i] .. offsets[i + 1], whose length is
 * civid_prepared_size of it. */
civid_status civid_prepare_many(const civid_minutia_t *minutiae, const int64_t *first,
                                const uint8_t *extractors, int64_t count, void *block,
                                uint64_t block_size, const uint64_t *offsets);

/* The same for packed templates: whole lengths of civid_packed_size, at multiples of 8. */
civid_status civid_pack_many(const civid_minutia_t *minutiae, const int64_t *first,
                             const uint8_t *extractors, int64_t count, void *block,
                             uint64_t block_size, const uint64_t *offsets);

/* One probe against the references begin .. end - 1: the best capacity candidates with score >=
 * min_score, best first, the lower index first among equals. Subjects without a finger to compare
 * are no candidates. rules may be NULL. scratch: civid_compare_scratch_size() bytes. */
civid_status civid_search(const civid_subjects_t *probes, int64_t probe,
                          const civid_subjects_t *references, int64_t begin, int64_t end,
                          const civid_rules_t *rules, float min_score, void *scratch,
                          uint64_t scratch_size, civid_candidate_t *candidates, int64_t capacity,
                          int64_t *count);

/* Every probe of a range against every reference of a range: all candidates with score >=
 * min_score, by probe, then by reference. once: only references with a higher index than the
 * probe, which makes each unordered pair of a gallery come up once. capacity must suffice for
 * every pair of the two ranges. */
civid_status civid_search_pairs(const civid_subjects_t *probes, int64_t probe_begin,
                                int64_t probe_end, const civid_subjects_t *references,
                                int64_t begin, int64_t end, int32_t once,
                                const civid_rules_t *rules, float min_score, void *scratch,
                                uint64_t scratch_size, civid_candidate_t *candidates,
                                int64_t capacity, int64_t *count);

/* The terms of the fused score of two subjects, by the position of the probe's finger, an unknown
 * finger that rule 2 of labelled.c has chosen last. evidence: CIVID_POSITIONS items.
 * count = candidate->terms = 0: no finger to compare.
 * pairs: NULL, or CIVID_MAX_PAIRS items: the paired minutiae of each term, one term's behind the
 * other's, evidence[t].pairs of them for term t. */
#define CIVID_MAX_PAIRS 2805 /* CIVID_POSITIONS * CIVID_MAX_MINUTIAE */
civid_status civid_search_evidence(const civid_subjects_t *probes, int64_t probe,
                                   const civid_subjects_t *references, int64_t reference,
                                   const civid_rules_t *rules, void *scratch,
                                   uint64_t scratch_size, civid_candidate_t *candidate,
                                   civid_evidence_t *evidence, int32_t *count, civid_pair_t *pairs,
                                   int32_t capacity);

/* ---- prefilter: the few references of a gallery that are worth a comparison --------------------- */

/* A part of a gallery as it is kept: packed templates and scan codes, as flat arrays that may lie in
 * a mapped file. The fingers of subject s are first[s] .. first[s + 1] - 1, by strictly ascending
 * position; the packed template of finger f is block + offsets[f] .. offsets[f + 1], and, as it has
 * one code word a minutia, its codes begin at word offsets[f] / 8 - f of codes and details. */
typedef struct {
    const void *block;
    uint64_t block_size;
    const uint64_t *offsets;  /* finger_count + 1, multiples of 8 */
    const uint8_t *positions; /* finger_count */
    const int64_t *first;     /* subject_count + 1 */
    const uint8_t *alive;     /* subject_count, 0 = passed over; NULL = all alive */
    const uint64_t *codes;    /* block_size / 8 - finger_count words: read for every reference */
    const uint64_t *details;  /* as many: read for those that codes let through */
    int64_t finger_count;
    int64_t subject_count;
} civid_part_t;

/* The code words of a packed template: as many as it has minutiae in either. Checks all of it. */
civid_status civid_scan_codes(const void *packed, uint64_t size, uint64_t *codes,
                              uint64_t *details);

/* Pack many templates, as civid_pack_many does, and compute their codes: offsets[0] / 8 - finger is
 * the place of the first word in codes and details. */
civid_status civid_index_many(const civid_minutia_t *minutiae, const int64_t *first,
                              const uint8_t *extractors, int64_t count, int64_t finger,
                              void *block, uint64_t block_size, const uint64_t *offsets,
                              uint64_t *codes, uint64_t *details);

/* What the two stages of a prefilter measure between two fingers, in their own units (for training). */
civid_status civid_prefilter_measure(const civid_part_t *probes, int64_t probe,
                                const civid_part_t *references, int64_t reference, int32_t *scan,
                                int32_t *agreement);

#define CIVID_PREFILTER_ANY_FINGER 1 /* do not trust the positions: any finger may be any other */
#define CIVID_PREFILTER_MAX_PROBES 64
#define CIVID_PREFILTER_MAX_RANGE 65536 /* references a call */

/* Bytes of scratch for so many probes against so many references. */
civid_status civid_prefilter_scratch_size(int64_t probes, int64_t references, uint64_t *size);

/* Of the references begin .. end - 1, the keep that look most like each of the probes: a coarse stage
 * over the codes of all of them, a fine one over what remains. At most `fingers` fingers of a probe
 * are taken, those with most minutiae first, as far as the reference has them. Probe p is
 * subject slots[p]; references before after[p] are passed over (NULL: none). Candidates of probe p:
 * candidates + p * keep, counts[p] of them, by ascending reference; their score is the stage's own
 * and no comparison score: 0 is an impostor's mean, 1 a standard deviation above it. It is ranked
 * by 32nds of a deviation from -8 to 24, the lower reference first among equals. On an error every
 * count is 0 or that of a finished probe; CIVID_E_COUNT for `count` itself writes none. */
civid_status civid_prefilter(const civid_part_t *probes, const int64_t *slots, int64_t count,
                        const civid_part_t *references, int64_t begin, int64_t end,
                        const int64_t *after, int32_t fingers, int32_t flags, void *scratch,
                        uint64_t scratch_size, int64_t keep, civid_candidate_t *candidates,
                        int64_t *counts);

/* ---- inverted lists: stages that read one minutia in a hundred ------------------------------- */

#define CIVID_INVERTED_MAX_SUBJECTS 65536
#define CIVID_INVERTED_MAX_CELLS 64

/* Bytes of the lists of subjects begin .. end - 1. */
civid_status civid_inverted_size(const civid_part_t *part, int64_t begin, int64_t end, uint64_t *size);

/* Fill them: 64-byte aligned, of exactly that size; scratch has an item a minutia of the range. The
 * lists do not point into the part, but hold its codes: wipe them when a subject must be gone. The
 * range's packed templates must lie one behind the other (else CIVID_E_CAPACITY), and say the same
 * directions as the codes of those who are alive (else CIVID_E_CORRUPT). */
civid_status civid_inverted_build(const civid_part_t *part, int64_t begin, int64_t end, void *lists,
                               uint64_t size, uint16_t *scratch, uint64_t scratch_items);

/* What lists at the beginning of `size` bytes are of: how many subjects, which positions (bit i:
 * there is a finger of position i), and how many of the bytes are theirs. */
civid_status civid_inverted_describe(const void *lists, uint64_t size, int64_t *subjects,
                                     uint32_t *positions, uint64_t *bytes);

/* What subject `slot` asks of any lists, where so many fingers are looked at: 1 + cells items a
 * minutia. capacity: room for 40 minutiae a finger is enough. */
civid_status civid_inverted_asked(const civid_part_t *probes, int64_t slot, int32_t fingers,
                                  int32_t cells, uint16_t *asked, uint64_t capacity,
                                  uint64_t *items);

#define CIVID_INVERTED_MAX_LOOKS 16

/* Bytes of scratch against lists of so many subjects, for so many looks at once. */
civid_status civid_inverted_scratch_size(int64_t references, int64_t looks, uint64_t *size);

/* The same with room to go through lists for so many probes together. */
civid_status civid_inverted_together_size(int64_t references, int64_t probes, int32_t cells,
                                          uint64_t *size);

/* civid_prefilter by lists, of subjects begin, begin + 1, ... of `references`, whose codes are not
 * read, and may be NULL. asked: what civid_inverted_asked says of slots[0],
 * slots[1], ... with the same fingers and cells, one behind the other. Scratch beyond the least of
 * one look is for going through lists for several probes together, which changes no answer.
 * CIVID_E_CORRUPT: the lists contradict themselves or the part. */
civid_status civid_inverted_prefilter(const civid_part_t *probes, const int64_t *slots,
                                      int64_t count, const uint16_t *asked, uint64_t items,
                                      int32_t cells, const civid_part_t *references, int64_t begin,
                                      const void *lists, uint64_t size, const int64_t *after,
                                      int32_t fingers, int32_t flags, void *scratch,
                                      uint64_t scratch_size, int64_t keep,
                                      civid_candidate_t *candidates, int64_t *counts);

/* A question about a probe: civid_inverted_prefilter with some of its fingers alone. */
typedef struct {
    uint32_t positions; /* bit i: with its finger of position i */
    int32_t flags;
    int64_t keep;
} civid_look_t;

/* Several questions about subject `slot`: each has the answer that it has by itself, but what they
 * have in common is looked for once. asked: what civid_inverted_asked says of the slot for one finger
 * (the greater depth). Candidates of a look come behind the `keep` of those before it. */
civid_status civid_inverted_looks(const civid_part_t *probes, int64_t slot, const uint16_t *asked,
                                  uint64_t items, int32_t cells, const civid_part_t *references,
                                  int64_t begin, const void *lists, uint64_t size,
                                  const civid_look_t *looks, int64_t count, int32_t fingers,
                                  void *scratch, uint64_t scratch_size,
                                  civid_candidate_t *candidates, int64_t capacity,
                                  int64_t *counts);

/* What civid_unpack_subjects needs: fingers and bytes. positions: bit i = with the finger of
 * position i. */
civid_status civid_unpacked_size(const civid_part_t *part, const int64_t *slots, int64_t count,
                                 uint32_t positions, int64_t *fingers, uint64_t *bytes);

/* Prepared templates of some subjects of a part, one subject behind the other, as civid_subjects_t
 * wants them: offsets and positions of `fingers` fingers (offsets has one more), first of count + 1. */
civid_status civid_unpack_subjects(const civid_part_t *part, const int64_t *slots, int64_t count,
                                   uint32_t positions, void *block, uint64_t block_size,
                                   uint64_t *offsets, uint8_t *out_positions, int64_t fingers,
                                   int64_t *first);

/* ---- WSQ: the format of fingerprint images (FBI IAFIS-IC-0110 v3.1) ---------------------- */

#define CIVID_WSQ_MIN_SIDE 64 /* of what is encoded */
#define CIVID_WSQ_MAX_SIDE 65500
#define CIVID_WSQ_MAX_PIXELS 16000000

/* How far reading came. */
typedef struct {
    uint64_t offset;      /* byte at which the segment, or what is coded, begins or is damaged */
    int64_t coefficients; /* that were decoded */
    int64_t expected;     /* that an image of this size has; 0 = not known yet */
    int32_t marker;       /* second byte of the segment's marker, 0xa0 .. 0xa8; 0 = no marker */
    int32_t reserved;     /* 0 */
} civid_wsq_place_t;

/* Size of the image that a stream announces, and bytes of workspace to decode it. Reads up to the
 * frame header; place may be NULL. CIVID_E_DIMENSIONS leaves the size that was announced. */
civid_status civid_wsq_decode_size(const uint8_t *data, uint64_t size, int32_t *width,
                                   int32_t *height, uint64_t *workspace_size,
                                   civid_wsq_place_t *place);

/* The pixels of a stream, width * height, row by row. Filters of odd length, Huffman tables 0 .. 7 and
 * restart markers are known. workspace: workspace_size bytes, 64-byte aligned, contents ignored, and
 * touched only as far as data reach. CIVID_E_CORRUPT: something is missing, damaged or too much;
 * every coefficient of the image must be there. pixels are then as they were. */
civid_status civid_wsq_decode(const uint8_t *data, uint64_t size, void *workspace,
                              uint64_t workspace_size, uint8_t *pixels, uint64_t capacity,
                              civid_wsq_place_t *place);

/* Bytes of workspace to encode an image of this size, and bytes that always suffice for the stream. */
civid_status civid_wsq_encode_size(int32_t width, int32_t height, uint64_t *workspace_size,
                                   uint64_t *capacity);

/* Encode a grey image, 0 black, row by row, stride bytes apart, with the parameters of part 3 of the
 * specification. bitrate: bits a pixel to aim at, 0.01 .. 16; 0.75 makes about 15 to 1 of a print,
 * 2.25 about 5 to 1; no bin is narrower than a quarter. The stream has no comments: they belong
 * behind its first two bytes. workspace: as for decoding. CIVID_E_VALUE: also for an image of
 * extremes whose coefficients do not fit into 16 bits. */
civid_status civid_wsq_encode(const uint8_t *pixels, int32_t width, int32_t height, int64_t stride,
                              double bitrate, void *workspace, uint64_t workspace_size,
                              uint8_t *data, uint64_t capacity, uint64_t *size);

/* cdef: end */

#ifdef __cplusplus
}
#endif
#endif
