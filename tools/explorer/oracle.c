/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hash.h"
#include "internal.h"

static int file_read(struct ilv__oracle *oracle, int fd)
{
    char buffer[65536];
    ssize_t n;
    oracle->expect_hash = ILV_HASH_START;
    while ((n = read(fd, buffer, sizeof buffer)) > 0) {
        if (oracle->expect_size < ILV_OUTPUT_HALF) {
            size_t room = ILV_OUTPUT_HALF - (size_t)oracle->expect_size;
            size_t part = (size_t)n < room ? (size_t)n : room;
            memcpy(oracle->expect + oracle->expect_size, buffer, part);
        }
        oracle->expect_hash = ilv_hash_bytes(oracle->expect_hash, buffer, (size_t)n);
        oracle->expect_size += (uint64_t)n;
    }
    return n < 0 ? -errno : 0;
}

int ilv__oracle_open(struct ilv__oracle *oracle, const struct ilv_world *world, char *error,
                     size_t size)
{
    *oracle = (struct ilv__oracle){.have_expect = world->expect != NULL};
    if (!world->expect)
        return 0;
    int fd = open(world->expect, O_RDONLY | O_CLOEXEC), result = fd < 0 ? -errno : 0;
    oracle->expect = malloc(ILV_OUTPUT_HALF);
    if (!oracle->expect)
        abort();
    if (!result) {
        result = file_read(oracle, fd);
        close(fd);
    }
    if (result) {
        snprintf(error, size, "--expect: %s: %s; give a readable file", world->expect,
                 strerror(-result));
        ilv__oracle_close(oracle);
    }
    return result;
}

void ilv__oracle_close(struct ilv__oracle *oracle)
{
    free(oracle->expect);
    oracle->expect = NULL;
}

void ilv__oracle_first(struct ilv__oracle *oracle, const struct ilv_summary *summary)
{
    oracle->first_hash = summary->output_hash;
    oracle->first_size = summary->output_size;
    oracle->have_first = true;
}

enum ilv_kind ilv__oracle_judge(const struct ilv__oracle *oracle, const struct ilv_world *world,
                                const struct ilv_summary *summary)
{
    if (summary->end != ILV_END_EXIT)
        return ILV_KIND_NONE;
    if (oracle->have_expect && (summary->output_hash != oracle->expect_hash ||
                                summary->output_size != oracle->expect_size))
        return ILV_KIND_EXPECT;
    if (world->same_output && oracle->have_first &&
        (summary->output_hash != oracle->first_hash || summary->output_size != oracle->first_size))
        return ILV_KIND_SAME_OUTPUT;
    return ILV_KIND_NONE;
}

/* The line that begins at or before `at`, printable. */
static void line_around(const char *text, size_t count, size_t at, char *out, size_t size)
{
    size_t begin = at < count ? at : count, n = 0;
    while (begin > 0 && text[begin - 1] != '\n' && at - begin < 20)
        begin--;
    for (size_t i = begin; i < count && text[i] != '\n' && n < size - 1; i++)
        out[n++] = (char)(text[i] >= ' ' && text[i] < 127 ? text[i] : '?');
    out[n] = '\0';
}

void ilv__oracle_text(const struct ilv__oracle *oracle, enum ilv_kind kind,
                      const struct ilv_output *output, char *text, size_t size)
{
    if (kind != ILV_KIND_EXPECT) {
        snprintf(text, size, "%llu bytes of output, run 0 wrote %llu",
                 (unsigned long long)output->size, (unsigned long long)oracle->first_size);
        return;
    }
    uint64_t mine = output->size < ILV_OUTPUT_HALF ? output->size : ILV_OUTPUT_HALF;
    uint64_t theirs = oracle->expect_size < ILV_OUTPUT_HALF ? oracle->expect_size : ILV_OUTPUT_HALF;
    size_t at = 0, line = 1;
    while (at < mine && at < theirs && output->head[at] == oracle->expect[at])
        line += output->head[at++] == '\n';
    char got[48], wanted[48];
    line_around(output->head, (size_t)mine, at, got, sizeof got);
    line_around(oracle->expect, (size_t)theirs, at, wanted, sizeof wanted);
    if (at < ILV_OUTPUT_HALF)
        snprintf(text, size, "line %zu of the output is '%s' instead of '%s'", line, got, wanted);
    else
        snprintf(text, size, "the output differs after its first %u bytes", ILV_OUTPUT_HALF);
}
