/* best_codes.c - Huffman's codes, none longer than 16 bits (ITU-T T.81, K.2). */
#include <string.h>

#include "wsq/write/tokens.h"

/* One more symbol than there are takes the code that is all ones. */
enum { RESERVED = WSQ_SYMBOLS, ALL = WSQ_SYMBOLS + 1 };

/* The two least frequent of the trees that are left, those with the highest numbers among equals. */
static void least_two(const int64_t *counts, const int32_t *roots, int32_t left, int32_t *first,
                      int32_t *second) {
    int64_t best = INT64_MAX, next = INT64_MAX;
    for (int32_t i = 0; i < left; i++) {
        const int64_t count = counts[roots[i]];
        if (count <= best) {
            *second = *first, next = best;
            *first = i, best = count;
        } else if (count <= next) {
            *second = i, next = count;
        }
    }
}

/* Bits of each symbol's code; 0: it does not occur. */
static void code_lengths(int64_t counts[ALL], int32_t lengths[ALL]) {
    int32_t roots[ALL], next[ALL], left = 0; /* next: the symbols of a tree, one after the other */
    for (int32_t s = 0; s < ALL; s++) {
        lengths[s] = 0;
        next[s] = -1;
        if (counts[s]) roots[left++] = s;
    }
    while (left > 1) {
        int32_t first = 0, second = 0;
        least_two(counts, roots, left, &first, &second);
        int32_t s = roots[first];
        counts[s] += counts[roots[second]];
        for (lengths[s]++; next[s] >= 0; lengths[s]++) s = next[s];
        next[s] = roots[second];
        for (s = roots[second]; s >= 0; s = next[s]) lengths[s]++;
        for (int32_t i = second; i + 1 < left; i++) roots[i] = roots[i + 1]; /* stays in order */
        left--;
    }
}

/* Make all of these numbers of codes ones of at most 16 bits. */
static void shorten(int32_t numbers[ALL + 1]) {
    for (int32_t n = ALL; n > WSQ_LONGEST_CODE; n--)
        while (numbers[n] > 0) {
            int32_t shorter = n - 2;
            while (numbers[shorter] == 0) shorter--;
            /* Of two siblings, one takes their parent's place, the other goes where a shorter code
             * becomes a parent. */
            numbers[n] -= 2;
            numbers[n - 1]++;
            numbers[shorter + 1] += 2;
            numbers[shorter]--;
        }
}

void civid__wsq_best_codes(const int64_t occurrences[WSQ_SYMBOLS], civid__wsq_codes_t *codes) {
    int64_t counts[ALL];
    int32_t lengths[ALL], numbers[ALL + 1] = {0};
    memset(codes, 0, sizeof *codes);
    memcpy(counts, occurrences, WSQ_SYMBOLS * sizeof *counts);
    counts[RESERVED] = 1;
    code_lengths(counts, lengths);
    for (int32_t s = 0; s < ALL; s++) numbers[lengths[s]]++;
    numbers[0] = 0;
    shorten(numbers);
    int32_t longest = WSQ_LONGEST_CODE;
    while (longest > 0 && numbers[longest] == 0) longest--;
    if (longest == 0) return; /* nothing occurs */
    numbers[longest]--;       /* the reserved one */
    for (int32_t n = 1; n <= WSQ_LONGEST_CODE; n++) codes->counts[n - 1] = (uint8_t)numbers[n];
    int32_t place = 0, all = 0;
    for (int32_t s = 0; s < WSQ_SYMBOLS; s++) all += lengths[s] > 0;
    for (int32_t n = 1; place < all; n++)
        for (int32_t s = 0; s < WSQ_SYMBOLS; s++)
            if (lengths[s] == n) codes->symbols[place++] = (uint8_t)s;
    codes->is_defined = 1;
}
