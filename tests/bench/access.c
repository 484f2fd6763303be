/* SPDX-License-Identifier: MIT */
/*
 * bench_access INTERLEAVE LOOP.c: what an access costs outside the sandbox in a program of
 * `interleave cc`, beside ThreadSanitizer's of the same compiler and beside nothing. Each way of
 * compiling is run in turn with the others, several rounds; medians count.
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
    double median;
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

static void measure(const char *place, size_t count)
{
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++)
            ways[i].ns[round] = run(place, i);
    }
    for (size_t i = 0; i < count; i++) {
        qsort(ways[i].ns, ROUNDS, sizeof *ways[i].ns, by_value);
        ways[i].median = ways[i].ns[ROUNDS / 2];
    }
}

static void report(size_t count)
{
    printf("an access outside the sandbox, ns (median of %d, least, most)\n", ROUNDS);
    for (size_t i = 0; i < count; i++)
        printf("  %-22s %6.2f %6.2f %6.2f\n", ways[i].name, ways[i].median, ways[i].ns[0],
               ways[i].ns[ROUNDS - 1]);
    printf("  ratio to gcc's TSan    %6.2f (at most 0.50)\n",
           ways[GCC_OURS].median / ways[GCC_TSAN].median);
    if (count == WAYS)
        printf("  ratio to clang's TSan  %6.2f (at most 1.00)\n",
               ways[CLANG_OURS].median / ways[CLANG_TSAN].median);
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
