/* SPDX-License-Identifier: MIT */
/*
 * source.c: the files that line tables name, and the text of their lines.
 *
 * A file has two names: as the compiler was told, which is shown, and with the folder it was told
 * in, where it is looked for first.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

#define MAX_SOURCE_SIZE (16L << 20)

const char *ilv__source_name(struct ilv_symbols *symbols, const char *shown, const char *full)
{
    for (struct ilv__source *s = symbols->sources; s != NULL; s = s->next)
        if (strcmp(s->full, full) == 0)
            return s->shown;
    struct ilv__source *source = calloc(1, sizeof *source);
    if (source == NULL)
        return NULL;
    source->shown = ilv__keep(symbols, shown);
    source->full = ilv__keep(symbols, full);
    if (source->shown == NULL || source->full == NULL) {
        free(source);
        return NULL;
    }
    source->next = symbols->sources;
    symbols->sources = source;
    return source->shown;
}

void ilv__sources_free(struct ilv_symbols *symbols)
{
    while (symbols->sources != NULL) {
        struct ilv__source *next = symbols->sources->next;
        free(symbols->sources->text);
        free(symbols->sources);
        symbols->sources = next;
    }
}

/* The whole of a regular file, NULL if it is not there. */
static char *read_whole(const char *path)
{
    FILE *in = fopen(path, "re");
    struct stat status;
    if (in == NULL)
        return NULL;
    char *text = NULL;
    if (fstat(fileno(in), &status) == 0 && S_ISREG(status.st_mode) &&
        status.st_size < MAX_SOURCE_SIZE)
        text = malloc((size_t)status.st_size + 1);
    if (text != NULL)
        text[fread(text, 1, (size_t)status.st_size, in)] = '\0';
    fclose(in);
    return text;
}

/* Cuts line `number` out of text: without the blanks at its ends. */
static const char *cut_line(struct ilv_symbols *symbols, const char *text, uint32_t number)
{
    for (uint32_t i = 1; i < number && text != NULL; i++) {
        text = strchr(text, '\n');
        text = text != NULL ? text + 1 : NULL;
    }
    if (text == NULL)
        return NULL;
    text += strspn(text, " \t");
    size_t length = strcspn(text, "\r\n");
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    char *line = strndup(text, length);
    const char *kept = length > 0 ? ilv__keep(symbols, line) : NULL;
    free(line);
    return kept;
}

const char *ilv_symbols_source(struct ilv_symbols *symbols, const struct ilv_place *place)
{
    struct ilv__source *s = symbols != NULL && place->file != NULL ? symbols->sources : NULL;
    while (s != NULL && s->shown != place->file)
        s = s->next;
    if (s == NULL || place->line == 0)
        return NULL;
    if (!s->read) {
        s->read = true;
        s->text = read_whole(s->full);
        if (s->text == NULL)
            s->text = read_whole(s->shown);
    }
    return s->text != NULL ? cut_line(symbols, s->text, place->line) : NULL;
}
