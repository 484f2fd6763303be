/* SPDX-License-Identifier: MIT */
/*
 * output.c: what the program wrote, line by line. Of a lot the beginning and the end are kept, and
 * what is missing between them is said.
 */
#include <inttypes.h>
#include <string.h>

#include "internal.h"

#define LAST_LINES 5u

char ilv__output_byte(const struct ilv_output *output, uint64_t i)
{
    const char *half = i < ILV_OUTPUT_HALF ? output->head : output->tail;
    return half[i % ILV_OUTPUT_HALF];
}

struct ilv__kept ilv__output_kept(const struct ilv_output *output)
{
    uint64_t size = output->size;
    uint64_t head = size < ILV_OUTPUT_HALF ? size : ILV_OUTPUT_HALF;
    return (struct ilv__kept){head, size - head > ILV_OUTPUT_HALF ? size - ILV_OUTPUT_HALF : head};
}

/* Where the last lines begin. */
static uint64_t last_lines(const struct ilv_output *output)
{
    uint64_t at = output->size;
    uint64_t oldest = at > ILV_OUTPUT_HALF ? at - ILV_OUTPUT_HALF : 0;
    unsigned lines = 0;
    while (at > oldest) {
        bool ends = ilv__output_byte(output, at - 1) == '\n' && at != output->size;
        if (ends && ++lines == LAST_LINES)
            return at;
        at--;
    }
    return at;
}

/* A line as it is, over several lines where it is too long. */
static void put_line(const struct ilv__tale *tale, const char *line, size_t length, FILE *out)
{
    char text[ILV__PHRASE_SIZE];
    int width = (int)ilv__width(tale) - 4;
    snprintf(text, sizeof text, "%.*s", (int)length, line);
    const char *rest = ilv__clean(text);
    if (*rest == '\0')
        fputc('\n', out);
    while (*rest != '\0') {
        int taken = fprintf(out, "    %.*s\n", width, rest) - 5;
        rest += taken > 0 ? (size_t)taken : strlen(rest);
    }
}

/* Bytes [from, to). What is too long for a line of the story goes on in another one, or is cut. */
static void put_bytes(const struct ilv__tale *tale, uint64_t from, uint64_t to, bool cut, FILE *out)
{
    char line[ILV__PHRASE_SIZE];
    size_t used = 0;
    size_t room = cut ? sizeof line - 1 : ilv__width(tale) - 4;
    room = room < sizeof line ? room : sizeof line - 1;
    for (uint64_t at = from; at < to; at++) {
        char c = ilv__output_byte(&tale->run->output, at);
        if (used == room && c != '\n' && !cut) {
            put_line(tale, line, used, out);
            used = 0;
        }
        if (c == '\0')
            c = '?';
        if (c != '\n' && used < room)
            line[used++] = c;
        if (c != '\n' && at + 1 < to)
            continue;
        put_line(tale, line, used, out);
        used = 0;
    }
}

void ilv__output_write_last(const struct ilv__tale *tale, FILE *out)
{
    const struct ilv_output *output = &tale->run->output;
    if (output->size == 0)
        return;
    fputs("  the program's last output:\n", out);
    put_bytes(tale, last_lines(output), output->size, true, out);
}

void ilv__output_write(const struct ilv__tale *tale, FILE *out)
{
    const struct ilv_output *output = &tale->run->output;
    struct ilv__kept kept = ilv__output_kept(output);
    bool whole = kept.head == kept.tail;
    if (output->size == 0) {
        fputs("  the program wrote nothing\n", out);
        return;
    }
    fprintf(out, "  the program's output, %" PRIu64 " byte%s:\n", output->size,
            output->size == 1 ? "" : "s");
    put_bytes(tale, 0, whole ? output->size : kept.head, false, out);
    if (whole)
        return;
    fprintf(out, "  ... %" PRIu64 " bytes that were not kept\n", kept.tail - kept.head);
    put_bytes(tale, kept.tail, output->size, false, out);
}
