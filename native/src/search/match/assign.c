/* assign.c - the Hungarian method (H. W. Kuhn, Naval Research Logistics Quarterly 2 (1955) 83-97)
 * by shortest augmenting paths, in integers: nothing rounds, so nothing depends on the order. */
#include "search/match/assign.h"

/* Rows and columns count from 1 here; column 0 holds the row that looks for a place. */
enum { SIZE = CIVID_POSITIONS + 1 };

void civid__assign(int64_t worth[CIVID_POSITIONS][CIVID_POSITIONS], int32_t rows, int32_t columns,
                   int32_t column_of[CIVID_POSITIONS]) {
    int64_t row_price[SIZE] = {0}, column_price[SIZE] = {0};
    int32_t row_at[SIZE] = {0}; /* which row has this column, 0 = none */
    for (int32_t row = 1; row <= rows; row++) {
        int64_t slack[SIZE];
        int32_t from[SIZE], visited[SIZE] = {0}, column = 0;
        for (int32_t j = 0; j < SIZE; j++) slack[j] = INT64_MAX, from[j] = 0;
        row_at[0] = row;
        do {
            visited[column] = 1;
            const int32_t i = row_at[column];
            int32_t next = 0;
            for (int32_t j = 1; j <= columns; j++) {
                if (visited[j]) continue;
                const int64_t reduced = -worth[i - 1][j - 1] - row_price[i] - column_price[j];
                if (reduced < slack[j]) slack[j] = reduced, from[j] = column;
                if (next == 0 || slack[j] < slack[next]) next = j;
            }
            const int64_t step = slack[next];
            for (int32_t j = 0; j <= columns; j++) {
                if (visited[j])
                    row_price[row_at[j]] += step, column_price[j] -= step;
                else if (j > 0)
                    slack[j] -= step;
            }
            column = next;
        } while (row_at[column] != 0);
        for (; column != 0; column = from[column]) row_at[column] = row_at[from[column]];
    }
    for (int32_t j = 1; j <= columns; j++)
        if (row_at[j] != 0) column_of[row_at[j] - 1] = j - 1;
}
