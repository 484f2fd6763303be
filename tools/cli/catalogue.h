/* SPDX-License-Identifier: MIT */
/*
 * catalogue.h: the command line's own: the scenarios, read from their manifests.
 *
 * Manifests are <directory>/<family>/<name>/scenario.json; the programs lie beside each other in
 * <directory>/<family>/<name>/<variant>, in the same directory or in one of their own. Looked for
 * are $ILV_SCENARIOS, then what was built or installed with this command.
 */
#ifndef ILV_CATALOGUE_H
#define ILV_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ilv__variant {
    char *name;
    char *verdict;  /* "ok" for a fix, "demonstration" for what shows how it ought to be */
    char *kind;     /* "" if none is declared */
    char *program;  /* path of its executable; NULL: not built */
    char **options; /* of hunt, NULL-terminated; with the expected output of a demonstration */
    char *
        *outcome; /* ... when races are allowed, for what breaks then; empty: nothing is declared */
    uint32_t runs; /* budget, 0: none is declared */
};

struct ilv__scenario {
    char *name;
    char *family;
    char *question;
    struct ilv__variant *variant;
    size_t variant_count;
};

struct ilv__catalogue {
    struct ilv__scenario *scenario; /* sorted by family, then name */
    size_t count;
};

/* Reads all manifests. Returns 0, or -errno with one line in error. */
int ilv__catalogue_read(struct ilv__catalogue *catalogue, char *error, size_t size);
void ilv__catalogue_free(struct ilv__catalogue *catalogue);

/* It has no bug: a fix, or a demonstration. */
bool ilv__variant_is_right(const struct ilv__variant *variant);

/* The scenario `name` or `family/name`, or NULL. */
const struct ilv__scenario *ilv__catalogue_find(const struct ilv__catalogue *catalogue,
                                                const char *name);

#endif
