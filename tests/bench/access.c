/* SPDX-License-Identifier: MIT */
/*
 * bench_access INTERLEAVE LOOP.c: what an access costs outside the sandbox in a program of
 * `interleave cc`, beside ThreadSanitizer's of the same compiler and beside nothing. Each way of
 * compiling is run in turn with the others, several rounds; medians count, and of
 * ratios those within one round.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 7
#define ITERATIONS "10000000"

static struct way {
    const char *name;
    const char *compile; /* before the loop's name; $I: the command */
    double ns[ROUNDS];
} ways[] = {
    {.name = "gcc", .compile = "gcc"},
    {.name = "interleave cc, gcc", .compile = "$I cc --quiet --cc=gcc"},
    {.name = "gcc's TSan", .compile = "gcc -fsanitize=thread"},
    {.name = "clang", .compile = "clang"},
    {.name = "interleave cc, clang", .compile = "$I cc --quiet --cc=clang"},
    {.name = "clang's TSan", .compile = "clang -fsanitize=thread"},
};
#define WAYS (sizeof ways / sizeof *ways)
enum { GCC, GCC_OURS, GCC_TSAN, CLANG, CLANG_OURS, CLANG_TSAN };

/* Without clang only gcc's ways are measured. */
static size_t count_ways(void)
{
    return system("command -v clang >/dev/null") ? CLANG : WAYS;
}

static int compile(const char *loop, const char *place, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char line[2048];
        snprintf(line, sizeof line, "%s -O2 %s -o %s/%zu", ways[i].compile, loop, place, i);
        if (system(line)) {
            fprintf(stderr, "bench_access: failed: %s\n", line);
            return -1;
        }
    }
    return 0;
}

static double run(const char *place, size_t way)
{
    char line[128];
    double ns = -1;
    snprintf(line, sizeof line, "%s/%zu " ITERATIONS, place, way);
    FILE *pipe = popen(line, "r");
    if (!pipe || fscanf(pipe, "%lf", &ns) != 1)
        fprintf(stderr, "bench_access: no number from %s\n", ways[way].name);
    if (pipe)
        pclose(pipe);
    return ns;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double median(const double *values)
{
    double sorted[ROUNDS];
    memcpy(sorted, values, sizeof sorted);
    qsort(sorted, ROUNDS, sizeof *sorted, by_value);
    return sorted[ROUNDS / 2];
}

static void measure(const char *place, size_t count)
{
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++)
            ways[i].ns[round] = run(place, i);
    }
}

/* Of the two in the same round. */
static double ratio(const struct way *ours, const struct way *other)
{
    double ratios[ROUNDS];
    for (size_t round = 0; round < ROUNDS; round++)
        ratios[round] = ours->ns[round] / other->ns[round];
    return median(ratios);
}

static void report(size_t count)
{
    printf("an access outside the sandbox, ns (medians of %d rounds)\n", ROUNDS);
    for (size_t i = 0; i < count; i++)
        printf("  %-22s %6.2f\n", ways[i].name, median(ways[i].ns));
    printf("  ratio to gcc's TSan    %6.2f (at most 0.50)\n",
           ratio(&ways[GCC_OURS], &ways[GCC_TSAN]));
    if (count == WAYS)
        printf("  ratio to clang's TSan  %6.2f (at most 1.00)\n",
               ratio(&ways[CLANG_OURS], &ways[CLANG_TSAN]));
}

static void clean(const char *place)
{
    char path[128];
    for (size_t i = 0; i < WAYS; i++) {
        snprintf(path, sizeof path, "%s/%zu", place, i);
        unlink(path);
    }
    rmdir(place);
}

int main(int argc, char **argv)
{
    char place[] = "/tmp/bench-access-XXXXXX";
    if (argc != 3 || !mkdtemp(place)) {
        fprintf(stderr, "bench_access: give the command interleave and the loop's source\n");
        return 2;
    }
    setenv("I", argv[1], 1);
    size_t count = count_ways();
    int failed = compile(argv[2], place, count);
    if (!failed) {
        measure(place, count);
        report(count);
    }
    clean(place);
    return failed ? 1 : 0;
}
