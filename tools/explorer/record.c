/* SPDX-License-Identifier: MIT */
/*
 * Beside the words of the world a schedule has three options that only replays know:
 *
 *   early                   deadlines could pass early in this run
 *   passes=N                the run went on after its first N findings, which were suppressed or
 *                           ignored, 1 to 254
 *   first-output=HASH:SIZE  what run 0 wrote, for --same-output
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hash.h"
#include "internal.h"
#include "vec.h"

#define OPTION_EARLY "early"
#define OPTION_PASSES "passes=" /* plan.passes */
#define OPTION_FIRST "first-output="

extern char **environ;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void *copy_array(const void *from, size_t bytes)
{
    return bytes ? memcpy(ilv_new(bytes), from, bytes) : NULL;
}

/* --- writing */

static void option_add(const char *word, void *context)
{
    struct ilv_schedule *s = context;
    char **more = realloc(s->options, (s->option_count + 2) * sizeof *more);
    if (!more)
        abort();
    more[s->option_count] = ilv_copy_text(word);
    more[++s->option_count] = NULL;
    s->options = more;
}

/* Schedules are the same for both backends and all traps: these two words stay out. */
static void world_word_add(const char *word, void *context)
{
    if (strncmp(word, "backend=", 8) && strncmp(word, "trap=", 5))
        option_add(word, context);
}

static void command_fill(struct ilv_schedule *s, char *const *argv)
{
    s->program = ilv_copy_text(argv[0]);
    while (argv[1 + s->arg_count])
        s->arg_count++;
    s->args = ilv_new((s->arg_count + 1) * sizeof *s->args);
    for (uint32_t i = 0; i < s->arg_count; i++)
        s->args[i] = ilv_copy_text(argv[1 + i]);
    s->args[s->arg_count] = NULL;
}

/* Content hash of a file, in hex; empty if it cannot be read. */
static void file_hash(const char *path, char out[17])
{
    char buffer[65536];
    size_t n;
    uint64_t hash = ILV_HASH_START;
    FILE *in = fopen(path, "re");
    *out = '\0';
    if (!in)
        return;
    while ((n = fread(buffer, 1, sizeof buffer, in)) > 0)
        hash = ilv_hash_bytes(hash, buffer, n);
    if (!ferror(in))
        snprintf(out, 17, "%016" PRIx64, hash);
    fclose(in);
}

/* What identifies a module; false for those that are no file of the program's. */
static bool build_of(const struct ilv_module *m, struct ilv_schedule_build *build)
{
    const char *name = base_name(m->path);
    *build = (struct ilv_schedule_build){0};
    if (!*name || !strncmp(name, "libinterleave.so", 16) || !strncmp(name, "linux-vdso", 10))
        return false;
    memcpy(build->name, name, strlen(name) + 1);
    for (uint32_t i = 0; i < m->build_id_size; i++)
        snprintf(build->id + (size_t)2 * i, 3, "%02x", m->build_id[i]);
    if (!m->build_id_size) {
        char hash[17];
        file_hash(m->path, hash);
        memcpy(build->id, hash, sizeof hash);
    }
    return build->id[0] != '\0';
}

static void builds_fill(struct ilv_schedule *s, const struct ilv_run *run)
{
    s->builds = ilv_new((run->module_count + 1) * sizeof *s->builds);
    for (uint32_t i = 0; i < run->module_count; i++)
        s->build_count += build_of(&run->module[i], &s->builds[s->build_count]);
}

static void tasks_fill(struct ilv_schedule *s, const struct ilv_run *run)
{
    char path[1024];
    s->task_count = run->task_count;
    s->task_ids = ilv_new((run->task_count + 1) * sizeof *s->task_ids);
    s->task_paths = ilv_new((run->task_count + 1) * sizeof *s->task_paths);
    for (uint32_t i = 0; i < run->task_count; i++) {
        s->task_ids[i] = run->task[i].id;
        s->task_paths[i] = ilv_copy_text(ilv_task_path(run->task, i, path, sizeof path));
    }
    s->choice_count = run->choice_count;
    s->choices = copy_array(run->choice, run->choice_count * sizeof *run->choice);
}

static void environment_fill(struct ilv_schedule *s)
{
    uint64_t hash = ILV_HASH_START;
    for (char **e = environ; *e; e++)
        hash = ilv_hash_bytes(hash, *e, strlen(*e) + 1);
    snprintf(s->environment_hash, sizeof s->environment_hash, "%016" PRIx64, hash);
}

void ilv__schedule_of_run(const struct ilv_hunt *hunt, const struct ilv_plan *plan,
                          const struct ilv__oracle *oracle, const struct ilv_summary *summary,
                          const struct ilv_finding *finding, const struct ilv_run *run,
                          struct ilv_schedule *s)
{
    const struct ilv_world *world = hunt->world;
    *s = (struct ilv_schedule){.verdict = finding->verdict,
                               .kind = finding->kind,
                               .seed = hunt->seed,
                               .run = plan->run,
                               .trace_hash = summary->trace_hash,
                               .steps = summary->steps};
    command_fill(s, world->argv);
    ilv_world_each(world, world_word_add, s);
    if (plan->clock_free)
        option_add(OPTION_EARLY, s);
    if (plan->passes) {
        char word[32];
        snprintf(word, sizeof word, OPTION_PASSES "%u", plan->passes);
        option_add(word, s);
    }
    if (world->same_output) {
        char word[64];
        snprintf(word, sizeof word, OPTION_FIRST "%016" PRIx64 ":%" PRIu64, oracle->first_hash,
                 oracle->first_size);
        option_add(word, s);
    }
    if (world->stdin_file) {
        s->stdin_name = ilv_copy_text(world->stdin_file);
        file_hash(world->stdin_file, s->stdin_hash);
    }
    if (finding->text[0])
        s->finding_text = ilv_copy_text(finding->text);
    snprintf(s->strategy, sizeof s->strategy, "%s", ilv_strategy(plan->strategy)->name);
    environment_fill(s);
    builds_fill(s, run);
    tasks_fill(s, run);
}

void ilv__schedule_places(struct ilv_schedule *s, const struct ilv__places *points, uint32_t count,
                          const struct ilv_met *met)
{
    s->points = copy_array(points->place, count * sizeof *points->place);
    s->point_count = count;
    s->watches = copy_array(met->place, met->count * sizeof *met->place);
    s->watch_count = met->count;
}

/* --- reading */

static bool passes_read(const char *option, uint8_t *passes)
{
    size_t n = strlen(OPTION_PASSES);
    if (strncmp(option, OPTION_PASSES, n) || !isdigit((unsigned char)option[n]))
        return false;
    char *end;
    unsigned long value = strtoul(option + n, &end, 10);
    *passes = (uint8_t)value;
    return !*end && value > 0 && value < ILV_PASSES_ALL;
}

/* Not of the world, but of the plan. */
static bool of_the_plan(const char *option)
{
    uint8_t passes;
    return !strcmp(option, OPTION_EARLY) || passes_read(option, &passes);
}

static bool first_read(const char *option, struct ilv__oracle *oracle)
{
    size_t n = strlen(OPTION_FIRST);
    if (strncmp(option, OPTION_FIRST, n))
        return false;
    oracle->have_first =
        sscanf(option + n, "%" SCNx64 ":%" SCNu64, &oracle->first_hash, &oracle->first_size) == 2;
    return oracle->have_first;
}

int ilv__world_of_schedule(const struct ilv_schedule *s, struct ilv_world *world,
                           struct ilv__oracle *first, char *error, size_t size)
{
    int result = 0;
    char **argv = ilv_new((s->arg_count + 2) * sizeof *argv);
    argv[0] = s->program;
    for (uint32_t i = 0; i < s->arg_count; i++)
        argv[1 + i] = s->args[i];
    argv[1 + s->arg_count] = NULL;
    ilv_world_init(world, argv);
    world->stdin_file = s->stdin_name;
    *first = (struct ilv__oracle){0};
    for (uint32_t i = 0; !result && i < s->option_count; i++) {
        if (!of_the_plan(s->options[i]) && !first_read(s->options[i], first))
            result = ilv_world_set(world, s->options[i], error, size);
    }
    if (result)
        free(argv);
    return result;
}

static void option_plan(const char *option, struct ilv_plan *plan)
{
    uint8_t passes;
    if (!strcmp(option, OPTION_EARLY))
        plan->clock_free = 1;
    if (passes_read(option, &passes))
        plan->passes = passes;
}

/* The seed is that of the run in the hunt: what the program is given as randomness hangs on it. */
void ilv__plan_of_schedule(const struct ilv_schedule *s, const struct ilv_world *world,
                           struct ilv_block *block)
{
    static const struct ilv_knowledge nothing;
    struct ilv_parameters parameters = {.p = 0.1, .d = 3};
    struct ilv_plan *plan = &block->plan[0];
    uint32_t choices = s->choice_count < ILV_MAX_CHOICES ? s->choice_count : ILV_MAX_CHOICES;
    uint32_t tasks = s->task_count < ILV_MAX_TASKS ? s->task_count : ILV_MAX_TASKS;
    ilv_strategy_plan(-1, &parameters, s->seed, s->run, world->clock == ILV_CLOCK_FREE,
                      world->faults, &nothing, plan);
    memset(&plan->u, 0, sizeof plan->u);
    plan->strategy = ILV_STRATEGY_replay;
    plan->clock_free = 0;
    for (uint32_t i = 0; i < s->option_count; i++)
        option_plan(s->options[i], plan);
    plan->record = 1;
    plan->strict = 1;
    plan->max_steps = world->max_steps;
    plan->u.replay.count = choices;
    block->replay_ids_count = tasks;
    memcpy(block->replay_ids, s->task_ids, tasks * sizeof *s->task_ids);
    if (choices > 0)
        memcpy(block->replay, s->choices, choices * sizeof *s->choices);
    block->point_count = s->point_count < ILV_MAX_PLACES ? s->point_count : ILV_MAX_PLACES;
    block->watch_count = s->watch_count < ILV_RUN_PLACES ? s->watch_count : ILV_RUN_PLACES;
    if (block->point_count > 0)
        memcpy(block->point, s->points, block->point_count * sizeof *s->points);
    if (block->watch_count > 0)
        memcpy(block->watch, s->watches, block->watch_count * sizeof *s->watches);
}

static int stale(const char *name, const char *module, const char *wanted, const char *got,
                 char *error, size_t size)
{
    snprintf(error, size,
             "%s: made with another build of %s (%.12s, now it is %.12s); hunt again, or use the "
             "build it was made with",
             name, module, wanted, got);
    return -ESTALE;
}

int ilv__builds_match(const struct ilv_schedule *s, const char *name, const struct ilv_run *run,
                      char *error, size_t size)
{
    struct ilv_schedule_build now;
    for (uint32_t i = 0; i < run->module_count; i++) {
        if (!build_of(&run->module[i], &now))
            continue;
        for (uint32_t k = 0; k < s->build_count; k++) {
            if (!strcmp(s->builds[k].name, now.name) && strcmp(s->builds[k].id, now.id))
                return stale(name, now.name, s->builds[k].id, now.id, error, size);
        }
    }
    return 0;
}

/* How many bytes of a path stand before the extension of its last part. */
static size_t without_extension(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(path, '.');
    return dot && dot > path && (!slash || dot > slash + 1) ? (size_t)(dot - path) : strlen(path);
}

/* Whether one path ends, part by part, with the other one. */
static bool same_ends(const char *a, size_t a_size, const char *b, size_t b_size)
{
    while (a_size && b_size && a[a_size - 1] == b[b_size - 1]) {
        a_size--;
        b_size--;
    }
    return (!a_size && (!b_size || b[b_size - 1] == '/')) || (!b_size && a[a_size - 1] == '/');
}

/* A program that does not say what it was built from is believed. */
static int source_matches(const struct ilv_schedule *s, const char *name,
                          const struct ilv_target *target, char *error, size_t size)
{
    if (!*target->source ||
        same_ends(s->source, strlen(s->source), target->source, without_extension(target->source)))
        return 0;
    snprintf(error, size,
             "%s: a witness of %s, and %s was built from %s; replay it with the variant that it "
             "was made for",
             name, s->source, target->path, target->source);
    return -ESTALE;
}

int ilv__target_matches(const struct ilv_schedule *s, const char *name,
                        const struct ilv_target *target, char *error, size_t size)
{
    if (s->source)
        return source_matches(s, name, target, error, size);
    if (!s->build_count || !target->build_id[0] || !strcmp(s->builds[0].id, target->build_id))
        return 0;
    return stale(name, s->program, s->builds[0].id, target->build_id, error, size);
}

int ilv__input_matches(const struct ilv_schedule *s, const char *name, char *error, size_t size)
{
    char hash[17];
    if (!s->stdin_name || !s->stdin_hash[0])
        return 0;
    file_hash(s->stdin_name, hash);
    if (!*hash || !strcmp(hash, s->stdin_hash))
        return 0;
    snprintf(error, size,
             "%s: made with another content of %s, its standard input; hunt again, or put back "
             "the file",
             name, s->stdin_name);
    return -ESTALE;
}
