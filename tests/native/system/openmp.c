/* SPDX-License-Identifier: MIT */
/* OpenMP: libgomp sleeps on futexes by system calls of its own. */
/* flags: -fopenmp */
/* runs: 4 */
#include <stdio.h>

#define N 64

int main(void)
{
    int squares[N];
    int sum = 0;
    int in_critical = 0;
    int after = 0;
#pragma omp parallel for num_threads(3)
    for (int i = 0; i < N; i++)
        squares[i] = i * i;
#pragma omp parallel for reduction(+ : sum) num_threads(3)
    for (int i = 0; i < N; i++)
        sum += squares[i];
#pragma omp parallel num_threads(3)
    {
#pragma omp critical
        in_critical++;
#pragma omp barrier
#pragma omp single
        after = in_critical;
    }
    printf("sum %d critical %d after %d\n", sum, in_critical, after);
    return 0;
}
