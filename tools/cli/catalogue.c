/* SPDX-License-Identifier: MIT */
#include "catalogue.h"

#include <errno.h>
#include <glob.h>
#include <jansson.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vec.h"

/* --- where things are */

/* printf into memory that the caller frees. */
static char *format(const char *form, ...) __attribute__((format(printf, 1, 2)));
static char *format(const char *form, ...)
{
    va_list arguments;
    char *text;
    va_start(arguments, form);
    int n = vasprintf(&text, form, arguments);
    va_end(arguments);
    if (n < 0)
        abort();
    return text;
}

/* `<directory of this executable>/<relative>`. */
static char *beside_us(const char *relative)
{
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    self[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(self, '/');
    if (slash)
        *slash = '\0';
    return format("%s/%s", self, relative);
}

static char *manifests_directory(void)
{
    const char *chosen = getenv("ILV_SCENARIOS");
    if (chosen && *chosen)
        return ilv_copy_text(chosen);
    char *installed = beside_us("../share/interleave/scenarios");
    if (!access(installed, R_OK))
        return installed;
    free(installed);
    return ilv_copy_text(ILV_SCENARIO_SOURCES);
}

/* The executable of a variant below that directory, malloc()ed, or NULL. */
static char *program_in(const char *directory, const char *scenario, const char *variant)
{
    char *path = format("%s/%s/%s", directory, scenario, variant);
    char *full = access(path, X_OK) ? NULL : realpath(path, NULL);
    free(path);
    return full;
}

static char *program_find(const char *manifests, const char *scenario, const char *variant)
{
    static const char *const places[] = {"../lib/interleave/scenarios", "../scenarios"};
    char *found = program_in(manifests, scenario, variant);
    for (size_t i = 0; !found && i < sizeof places / sizeof *places; i++) {
        char *place = beside_us(places[i]);
        found = program_in(place, scenario, variant);
        free(place);
    }
    return found;
}

/* --- manifests */

static char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return ilv_copy_text(text ? text : "");
}

/* A kind is a word or a list of words, of which the first is the usual one. */
static char *kind_of(const json_t *object)
{
    const json_t *kind = json_object_get(object, "kind");
    const char *text = json_string_value(json_is_array(kind) ? json_array_get(kind, 0) : kind);
    return ilv_copy_text(text ? text : "");
}

static char **list_of(const json_t *list)
{
    size_t count = json_array_size(list), used = 0;
    char **out = ilv_new((count + 1) * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        if (text)
            out[used++] = ilv_copy_text(text);
    }
    out[used] = NULL;
    return out;
}

/* The options of hunt: the manifest's, and what a demonstration writes in every run. */
static char **options_of(const json_t *variant, const char *folder)
{
    const char *expected = json_string_value(json_object_get(variant, "expected"));
    char **options = list_of(json_object_get(variant, "options"));
    size_t count = 0;
    if (!expected)
        return options;
    while (options[count])
        count++;
    char **all = ilv_new((count + 3) * sizeof *all);
    memcpy(all, options, count * sizeof *all);
    all[count] = ilv_copy_text("--expect");
    all[count + 1] = format("%s/%s", folder, expected);
    all[count + 2] = NULL;
    free(options);
    return all;
}

/* Scenarios about memory are hunted as `interleave cc` has built them: <variant>.cc. */
static char *program_of(const json_t *manifest, const json_t *value, const char *manifests,
                        const char *folder, const char *variant)
{
    const char *with = json_string_value(json_object_get(value, "built_with"));
    with = with ? with : json_string_value(json_object_get(manifest, "built_with"));
    char *file = format("%s%s%s", variant, with ? "." : "", with ? with : "");
    char *program = program_find(manifests, folder, file);
    free(file);
    return program;
}

static void variants_read(struct ilv__scenario *s, const char *manifests, const json_t *manifest)
{
    const char *name;
    json_t *value, *variants = json_object_get(manifest, "variants");
    char *folder = format("%s/%s", s->family, s->name);
    char *files = format("%s/%s", manifests, folder);
    s->variant = ilv_new((json_object_size(variants) + 1) * sizeof *s->variant);
    json_object_foreach(variants, name, value)
    {
        json_int_t runs = json_integer_value(json_object_get(value, "budget_runs"));
        s->variant[s->variant_count++] = (struct ilv__variant){
            .name = ilv_copy_text(name),
            .verdict = text_of(value, "verdict"),
            .kind = kind_of(value),
            .program = program_of(manifest, value, manifests, folder, name),
            .options = options_of(value, files),
            .outcome = list_of(json_object_get(json_object_get(value, "outcome"), "options")),
            .runs = runs > 0 && runs < INT32_MAX ? (uint32_t)runs : 0};
    }
    free(files);
    free(folder);
}

static int manifest_read(const char *manifests, const char *path, struct ilv__scenario *s,
                         char *error, size_t size)
{
    json_error_t why;
    json_t *root = json_load_file(path, 0, &why);
    json_t *variants = json_object_get(root, "variants");
    if (!root || !json_is_string(json_object_get(root, "name")) ||
        !json_is_string(json_object_get(root, "family")) || !json_is_object(variants)) {
        snprintf(error, size, "%s:%d: not a scenario: %s; it needs name, family and variants", path,
                 root ? 1 : why.line, root ? "a key is missing" : why.text);
        json_decref(root);
        return -EINVAL;
    }
    *s = (struct ilv__scenario){.name = text_of(root, "name"),
                                .family = text_of(root, "family"),
                                .question = text_of(root, "question")};
    variants_read(s, manifests, root);
    json_decref(root);
    return 0;
}

int ilv__catalogue_read(struct ilv__catalogue *catalogue, char *error, size_t size)
{
    char *manifests = manifests_directory();
    char *pattern = format("%s/*/*/scenario.json", manifests);
    glob_t found = {0};
    int failed = 0;
    *catalogue = (struct ilv__catalogue){0};
    if (glob(pattern, 0, NULL, &found) || !found.gl_pathc) {
        snprintf(error, size, "%s: no scenarios there; name their directory in ILV_SCENARIOS",
                 manifests);
        failed = -ENOENT;
    }
    catalogue->scenario = ilv_new((found.gl_pathc + 1) * sizeof *catalogue->scenario);
    for (size_t i = 0; !failed && i < found.gl_pathc; i++) {
        failed = manifest_read(manifests, found.gl_pathv[i], &catalogue->scenario[i], error, size);
        catalogue->count += !failed;
    }
    globfree(&found);
    free(pattern);
    free(manifests);
    if (failed)
        ilv__catalogue_free(catalogue);
    return failed;
}

static void list_free(char **list)
{
    for (char **text = list; *text; text++)
        free(*text);
    free(list);
}

static void variant_free(struct ilv__variant *v)
{
    list_free(v->options);
    list_free(v->outcome);
    free(v->name);
    free(v->verdict);
    free(v->kind);
    free(v->program);
}

void ilv__catalogue_free(struct ilv__catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        struct ilv__scenario *s = &catalogue->scenario[i];
        for (size_t v = 0; v < s->variant_count; v++)
            variant_free(&s->variant[v]);
        free(s->variant);
        free(s->name);
        free(s->family);
        free(s->question);
    }
    free(catalogue->scenario);
    *catalogue = (struct ilv__catalogue){0};
}

bool ilv__variant_is_right(const struct ilv__variant *variant)
{
    return !strcmp(variant->verdict, "ok") || !strcmp(variant->verdict, "demonstration");
}

const struct ilv__scenario *ilv__catalogue_find(const struct ilv__catalogue *catalogue,
                                                const char *name)
{
    const char *slash = strchr(name, '/');
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct ilv__scenario *s = &catalogue->scenario[i];
        size_t family = strlen(s->family);
        if (!strcmp(s->name, slash ? slash + 1 : name) &&
            (!slash || ((size_t)(slash - name) == family && !strncmp(s->family, name, family))))
            return s;
    }
    return NULL;
}
