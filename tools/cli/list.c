/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "catalogue.h"
#include "command.h"

static const char doc[] = "Lists the scenarios: what goes wrong, and how it is put right.";

/* What its variants do: `deadlock (cycle); 3 fixes`. */
static void outcome(const struct ilv__scenario *s, char *out, size_t size)
{
    unsigned fixes = 0, demonstrations = 0;
    size_t used = 0;
    const char *last = "";
    *out = '\0';
    for (size_t i = 0; i < s->variant_count && used < size; i++) {
        const struct ilv__variant *v = &s->variant[i];
        fixes += !strcmp(v->verdict, "ok");
        demonstrations += !strcmp(v->verdict, "demonstration");
        if (ilv__variant_is_right(v) || !strcmp(v->verdict, last))
            continue;
        used += (size_t)snprintf(out + used, size - used, *v->kind ? "%s%s (%s)" : "%s%s",
                                 used ? ", " : "", v->verdict, v->kind);
        last = v->verdict;
    }
    if (demonstrations && used < size)
        used += (size_t)snprintf(out + used, size - used, "%sdemonstration", used ? ", " : "");
    if (fixes && used < size)
        snprintf(out + used, size - used, "; %u fix%s", fixes, fixes == 1 ? "" : "es");
}

int ilv__command_list(int argc, char **argv)
{
    static const struct argp argp = {NULL, NULL, NULL, doc, NULL, NULL, NULL};
    struct ilv__catalogue catalogue;
    char error[1024], text[256];
    const char *family = "";
    argp_parse(&argp, argc, argv, 0, NULL, NULL);
    if (ilv__catalogue_read(&catalogue, error, sizeof error))
        return ilv__complain(error);
    for (size_t i = 0; i < catalogue.count; i++) {
        const struct ilv__scenario *s = &catalogue.scenario[i];
        if (strcmp(s->family, family))
            printf("%s%s\n", i ? "\n" : "", s->family);
        family = s->family;
        outcome(s, text, sizeof text);
        printf("  %-22s %s\n  %-22s %s\n", s->name, s->question, "", text);
    }
    printf("\ninterleave demo NAME tells one.\n");
    ilv__catalogue_free(&catalogue);
    return ILV_EXIT_CLEAN;
}
