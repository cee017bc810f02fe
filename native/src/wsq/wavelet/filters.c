/* filters.c - filter taps as weighted sums of even and odd samples. */
#include "wsq/wavelet/filters.h"

/* Even numbers only, also negative ones. */
static int32_t half(int32_t even) { return even / 2; }

static void add(civid__wsq_sum_t *sum, int32_t place, float tap) {
    const int32_t is_odd = place & 1, t = sum->count++;
    sum->from[t] = is_odd;
    sum->offset[t] = half(place - is_odd);
    sum->tap[t] = tap;
    sum->evens += !is_odd;
    const int32_t away = sum->offset[t] < 0 ? -sum->offset[t] : sum->offset[t];
    sum->reach = away > sum->reach ? away : sum->reach;
}

void civid__wsq_split_sums(const civid__wsq_filters_t *filters, civid__wsq_sum_t sums[2]) {
    for (int32_t high = 0; high < 2; high++) {
        civid__wsq_sum_t *sum = &sums[high];
        const int32_t taps = high ? filters->high_taps : filters->low_taps;
        const float *tap = high ? filters->high : filters->low;
        sum->count = sum->evens = sum->reach = 0;
        for (int32_t i = 0; i < taps; i++) add(sum, high + i - taps / 2, tap[i]);
    }
}

void civid__wsq_join_sums(const civid__wsq_filters_t *filters, civid__wsq_sum_t sums[2]) {
    for (int32_t odd = 0; odd < 2; odd++) {
        civid__wsq_sum_t *sum = &sums[odd];
        sum->count = sum->evens = sum->reach = 0;
        for (int32_t high = 0; high < 2; high++) {
            const int32_t taps = high ? filters->high_taps : filters->low_taps;
            const float *tap = high ? filters->high : filters->low;
            for (int32_t i = 0; i < taps; i++) {
                const int32_t place = odd + i - taps / 2;
                if ((place & 1) == high) add(sum, place, tap[i]);
            }
        }
    }
}

void civid__wsq_pad(float *line, int32_t is_odd, int32_t length, int32_t reach) {
    const int32_t count = (length + !is_odd) / 2;
    if (count == 0) return;
    /* The odd half of an odd length is one shorter than sums over it go. */
    for (int32_t i = 1; i <= reach + 1; i++) {
        const int32_t right = count - 1 + i;
        line[-i] = line[civid__wsq_mirror(is_odd - 2 * i, length) / 2];
        line[right] = line[civid__wsq_mirror(2 * right + is_odd, length) / 2];
    }
}
