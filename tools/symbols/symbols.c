/* SPDX-License-Identifier: MIT */
/*
 * symbols.c: the table that users see: modules, remembered answers, and which of a call site's
 * frames is the one that the user wrote.
 */
#include "symbols.h"

#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define MAX_FRAMES 16

/* What was asked, and what was answered. */
struct answer {
    uint64_t offset;
    uint32_t module;
    uint32_t size; /* of data; else what was asked for */
    uint32_t frame_count;
    const char *name;
    struct ilv_place frame[];
};
#define CODE UINT32_MAX
#define PRIMITIVE (UINT32_MAX - 1)

const char *ilv__keep(struct ilv_symbols *symbols, const char *text)
{
    if (text == NULL)
        return NULL;
    size_t size = strlen(text) + 1;
    struct ilv__text *kept = malloc(sizeof *kept + size);
    if (kept == NULL)
        return NULL;
    memcpy(kept->bytes, text, size);
    kept->next = symbols->texts;
    symbols->texts = kept;
    return kept->bytes;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

struct ilv_symbols *ilv_symbols_open(const struct ilv_module *modules, uint32_t count)
{
    struct ilv_symbols *symbols = calloc(1, sizeof *symbols);
    if (symbols == NULL)
        return NULL;
    symbols->module = calloc(count + 1, sizeof *symbols->module);
    if (symbols->module == NULL) {
        free(symbols);
        return NULL;
    }
    symbols->module_count = count;
    for (uint32_t i = 0; i < count; i++) {
        struct ilv__module *m = &symbols->module[i];
        m->info = modules[i];
        m->info.path[sizeof m->info.path - 1] = '\0';
        m->name = base_name(m->info.path);
        m->fd = -1;
        m->debug_fd = -1;
    }
    return symbols;
}

void ilv_symbols_close(struct ilv_symbols *symbols)
{
    if (symbols == NULL)
        return;
    tdestroy(symbols->answers, free);
    for (uint32_t i = 0; i < symbols->module_count; i++)
        ilv__module_close(&symbols->module[i]);
    free(symbols->module);
    ilv__sources_free(symbols);
    while (symbols->texts != NULL) {
        struct ilv__text *next = symbols->texts->next;
        free(symbols->texts);
        symbols->texts = next;
    }
    free(symbols);
}

/* The module, opened; NULL for an unknown one. */
static struct ilv__module *get_module(struct ilv_symbols *symbols, uint32_t module)
{
    if (symbols == NULL || module == 0 || module > symbols->module_count)
        return NULL;
    ilv__module_open(&symbols->module[module - 1]);
    return &symbols->module[module - 1];
}

enum ilv_symbols_state ilv_symbols_state(struct ilv_symbols *symbols, uint32_t module)
{
    const struct ilv__module *m = get_module(symbols, module);
    return m != NULL ? m->state : ILV_SYMBOLS_MISSING;
}

const char *ilv_symbols_module(struct ilv_symbols *symbols, uint32_t module)
{
    if (symbols == NULL || module == 0 || module > symbols->module_count)
        return NULL;
    const char *name = symbols->module[module - 1].name;
    return name[0] != '\0' ? name : NULL;
}

static int by_question(const void *a, const void *b)
{
    const struct answer *x = a;
    const struct answer *y = b;
    if (x->module != y->module)
        return x->module < y->module ? -1 : 1;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return x->size < y->size ? -1 : x->size > y->size;
}

static const struct answer *find_answer(struct ilv_symbols *symbols, uint32_t module,
                                        uint64_t offset, uint32_t size)
{
    struct answer question = {.offset = offset, .module = module, .size = size};
    void *node = tfind(&question, &symbols->answers, by_question);
    return node != NULL ? *(struct answer **)node : NULL;
}

static const struct answer *remember(struct ilv_symbols *symbols, const struct answer *question,
                                     const struct ilv_place *frames)
{
    size_t size = question->frame_count * sizeof *frames;
    struct answer *answer = malloc(sizeof *answer + size);
    if (answer == NULL)
        return NULL;
    *answer = *question;
    if (frames != NULL)
        memcpy(answer->frame, frames, size);
    if (tsearch(answer, &symbols->answers, by_question) != NULL)
        return answer;
    free(answer);
    return NULL;
}

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool ilv__is_ground(const char *module)
{
    static const char *const names[] = {"libinterleave", "libc.so", "libc-",
                                        "libpthread",    "ld-",     "linux-vdso"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (module != NULL && begins(module, names[i]))
            return true;
    return false;
}

static bool is_system_path(const char *path)
{
    return begins(path, "/lib/") || begins(path, "/lib64/") || begins(path, "/usr/lib/") ||
           begins(path, "/usr/include/");
}

/* What a sanitizer brings into the program, as if it were a library: it has no source. */
static bool is_sanitizer(const struct ilv_place *place)
{
    static const char *const names[] = {"__tsan",         "__asan",         "__sanitizer",
                                        "__interceptor_", "__interception", "asan_thread_start"};
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
        if (place->file == NULL && place->function != NULL && begins(place->function, names[i]))
            return true;
    return false;
}

bool ilv__is_primitives(const char *module, const char *file)
{
    return begins(module, "libilv.so") || (file != NULL && begins(file, "libilv/"));
}

static void complete(const struct ilv__module *m, uint64_t offset, struct ilv_place *place)
{
    place->module = m->name[0] != '\0' ? m->name : NULL;
    place->offset = offset;
    place->primitives = ilv__is_primitives(m->name, place->file);
    place->system = ilv__is_ground(m->name) || is_system_path(m->info.path) ||
                    is_sanitizer(place) || place->primitives ||
                    (place->file != NULL && is_system_path(place->file));
}

static uint32_t symbol_frame(struct ilv_symbols *symbols, const struct ilv__module *m,
                             uint64_t offset, struct ilv_place *place)
{
    const struct ilv__symbol *symbol = ilv__symbol_find(&m->functions, offset);
    if (symbol != NULL) {
        char name[512];
        ilv__demangle(symbol->name, name, sizeof name);
        place->function = ilv__keep(symbols, name);
    }
    return 1;
}

static const struct answer *ask_code(struct ilv_symbols *symbols, uint32_t module, uint64_t offset)
{
    struct ilv__module *m = get_module(symbols, module);
    if (m == NULL)
        return NULL;
    const struct answer *known = find_answer(symbols, module, offset, CODE);
    if (known != NULL)
        return known;
    struct ilv_place frames[MAX_FRAMES] = {{0}};
    uint32_t count = ilv__dwarf_frames(symbols, m, offset, frames, MAX_FRAMES);
    if (count == 0)
        count = symbol_frame(symbols, m, offset, frames);
    for (uint32_t i = 0; i < count; i++)
        complete(m, offset, &frames[i]);
    struct answer question = {
        .offset = offset, .module = module, .size = CODE, .frame_count = count};
    return remember(symbols, &question, frames);
}

uint32_t ilv_symbols_frames(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                            struct ilv_place *places, uint32_t max)
{
    const struct answer *answer = ask_code(symbols, module, offset);
    if (max == 0)
        return 0;
    places[0] = (struct ilv_place){.offset = offset};
    if (answer == NULL)
        return 1;
    uint32_t count = answer->frame_count < max ? answer->frame_count : max;
    memcpy(places, answer->frame, count * sizeof *places);
    return count;
}

/* The innermost frame in the user's own source; else the innermost with a name outside of the
 * ground; else the innermost outside of it; NULL if there is none. */
static const struct ilv_place *user_frame(const struct ilv_place *frames, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (!frames[i].system && frames[i].file != NULL)
            return &frames[i];
    for (uint32_t i = 0; i < count; i++)
        if (frames[i].function != NULL && !ilv__is_ground(frames[i].module))
            return &frames[i];
    for (uint32_t i = 0; i < count; i++)
        if (!ilv__is_ground(frames[i].module))
            return &frames[i];
    return NULL;
}

bool ilv_symbols_code(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                      struct ilv_place *place)
{
    struct ilv_place frames[MAX_FRAMES];
    uint32_t count = ilv_symbols_frames(symbols, module, offset, frames, MAX_FRAMES);
    const struct ilv_place *found = user_frame(frames, count);
    *place = found != NULL ? *found : frames[0];
    return place->function != NULL || place->file != NULL;
}

/* All frames of a site. Entries are return addresses: the call lies before them. */
static uint32_t all_frames(struct ilv_symbols *symbols, const struct ilv_site *site,
                           struct ilv_place *places, uint32_t max)
{
    uint32_t used = 0;
    for (unsigned i = 0; i < ILV_SITE_DEPTH && site->frame[i] != 0 && used < max; i++) {
        uint32_t module = ilv_frame_module(site->frame[i]);
        uint64_t offset = ilv_frame_offset(site->frame[i]);
        used += ilv_symbols_frames(symbols, module, offset > 0 ? offset - 1 : 0, places + used,
                                   max - used);
    }
    return used;
}

bool ilv_symbols_site(struct ilv_symbols *symbols, const struct ilv_site *site,
                      struct ilv_place *place)
{
    struct ilv_place frames[ILV_SITE_DEPTH * MAX_FRAMES];
    uint32_t count = all_frames(symbols, site, frames, ILV_SITE_DEPTH * MAX_FRAMES);
    const struct ilv_place *found = user_frame(frames, count);
    *place = found != NULL ? *found : (struct ilv_place){0};
    return found != NULL;
}

static bool below_program(const struct ilv_place *place)
{
    return place->system || (place->function != NULL && strcmp(place->function, "_start") == 0);
}

/* How many of the frames are left without those below the program: what started its threads and
 * its main, and a nameless frame beyond them. */
static uint32_t without_start(const struct ilv_place *places, uint32_t count)
{
    uint32_t kept = count;
    if (kept > 1 && places[kept - 1].function == NULL && ilv__is_ground(places[kept - 2].module))
        kept--;
    while (kept > 0 && below_program(&places[kept - 1]))
        kept--;
    return kept > 0 ? kept : count;
}

uint32_t ilv_symbols_stack(struct ilv_symbols *symbols, const struct ilv_site *site,
                           struct ilv_place *places, uint32_t max)
{
    uint32_t kept = without_start(places, all_frames(symbols, site, places, max));
    uint32_t first = 0;
    while (first + 1 < kept && places[first].function == NULL &&
           ilv__is_ground(places[first].module))
        first++;
    memmove(places, places + first, (kept - first) * sizeof *places);
    return kept - first;
}

static const char *symbol_data(struct ilv_symbols *symbols, const struct ilv__module *m,
                               uint64_t offset)
{
    const struct ilv__symbol *symbol = ilv__symbol_find(&m->objects, offset);
    if (symbol == NULL || ilv__is_primitives(m->name, NULL))
        return NULL;
    char name[512];
    ilv__demangle(symbol->name, name, sizeof name);
    if (offset > symbol->start) {
        size_t used = strlen(name);
        snprintf(name + used, sizeof name - used, "+%ju", (uintmax_t)(offset - symbol->start));
    }
    return ilv__keep(symbols, name);
}

const char *ilv_symbols_data(struct ilv_symbols *symbols, uint32_t module, uint64_t offset,
                             uint32_t size)
{
    struct ilv__module *m = get_module(symbols, module);
    if (m == NULL)
        return NULL;
    uint32_t asked = size < PRIMITIVE ? size : 0;
    const struct answer *known = find_answer(symbols, module, offset, asked);
    if (known != NULL)
        return known->name;
    char name[512];
    struct answer question = {.offset = offset, .module = module, .size = asked};
    enum ilv__named named = ilv__dwarf_data(m, offset, asked, name, sizeof name);
    if (named == ILV__NAMED)
        question.name = ilv__keep(symbols, name);
    else if (named == ILV__UNNAMED)
        question.name = symbol_data(symbols, m, offset);
    remember(symbols, &question, NULL);
    return question.name;
}

const char *ilv_symbols_primitive(struct ilv_symbols *symbols, uint32_t module, uint64_t offset)
{
    struct ilv__module *m = get_module(symbols, module);
    if (m == NULL)
        return NULL;
    const struct answer *known = find_answer(symbols, module, offset, PRIMITIVE);
    if (known != NULL)
        return known->name;
    char name[512];
    struct answer question = {.offset = offset, .module = module, .size = PRIMITIVE};
    if (ilv__dwarf_primitive(m, offset, name, sizeof name))
        question.name = ilv__keep(symbols, name);
    remember(symbols, &question, NULL);
    return question.name;
}
