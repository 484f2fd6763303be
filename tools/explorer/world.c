/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An option of the table below: how it is read and how it is written. */
struct entry {
    struct ilv_world_option option;
    int (*set)(struct ilv_world *world, const char *value);
    bool (*get)(const struct ilv_world *world, char *value, size_t size);
    const char *allowed;
};

struct word {
    const char *name;
    uint16_t value;
};

static const struct word backends[] = {
    {"auto", ILV_BACKEND_AUTO}, {"fiber", ILV_BACKEND_FIBER}, {"baton", ILV_BACKEND_BATON}, {0}};
static const struct word traps[] = {{"auto", ILV_TRAP_AUTO},
                                    {"dispatch", ILV_TRAP_DISPATCH},
                                    {"seccomp", ILV_TRAP_SECCOMP},
                                    {"off", ILV_TRAP_OFF},
                                    {0}};
static const struct word clocks[] = {{"free", ILV_CLOCK_FREE}, {"idle", ILV_CLOCK_IDLE}, {0}};
static const struct word races[] = {{"report", 0}, {"allow", 1}, {0}};
static const struct word reports[] = {{"report", ILV_REPORTS_FIND},
                                      {"allow", ILV_REPORTS_ALLOW},
                                      {"compare", ILV_REPORTS_COMPARE},
                                      {0}};
static const struct word faults[] = {{"none", 0}, {"spurious", ILV_FAULT_SPURIOUS}, {0}};

static int word_set(const struct word *words, const char *value, uint16_t *out)
{
    for (; words->name; words++) {
        if (!strcmp(words->name, value)) {
            *out = words->value;
            return 0;
        }
    }
    return -EINVAL;
}

/* Writes the word of value; false for the default, which is the first of the list. */
static bool word_get(const struct word *words, uint16_t value, char *out, size_t size)
{
    for (const struct word *w = words + 1; w->name; w++) {
        if (w->value == value) {
            snprintf(out, size, "%s", w->name);
            return true;
        }
    }
    return false;
}

static int number_set(const char *value, uint32_t most, uint32_t *out)
{
    char *end;
    errno = 0;
    unsigned long n = strtoul(value, &end, 10);
    if (errno || *end || end == value || *value == '-' || n < 1 || n > most)
        return -EINVAL;
    *out = (uint32_t)n;
    return 0;
}

static bool text_get(const char *text, char *out, size_t size)
{
    if (text)
        snprintf(out, size, "%s", text);
    return text != NULL;
}

static bool flag_get(bool on, char *out)
{
    *out = '\0';
    return on;
}

static int backend_set(struct ilv_world *w, const char *v)
{
    return word_set(backends, v, &w->backend);
}
static bool backend_get(const struct ilv_world *w, char *v, size_t n)
{
    return word_get(backends, w->backend, v, n);
}
static int trap_set(struct ilv_world *w, const char *v)
{
    return word_set(traps, v, &w->trap);
}
static bool trap_get(const struct ilv_world *w, char *v, size_t n)
{
    return word_get(traps, w->trap, v, n);
}
static int clock_set(struct ilv_world *w, const char *v)
{
    return word_set(clocks, v, &w->clock);
}
static bool clock_get(const struct ilv_world *w, char *v, size_t n)
{
    return word_get(clocks, w->clock, v, n);
}
static int faults_set(struct ilv_world *w, const char *v)
{
    return word_set(faults, v, &w->faults);
}
static bool faults_get(const struct ilv_world *w, char *v, size_t n)
{
    return word_get(faults, w->faults, v, n);
}

static int cpus_set(struct ilv_world *w, const char *v)
{
    uint32_t n;
    if (number_set(v, 1024, &n))
        return -EINVAL;
    w->cpus = (uint16_t)n;
    return 0;
}
static bool cpus_get(const struct ilv_world *w, char *v, size_t n)
{
    snprintf(v, n, "%u", w->cpus);
    return w->cpus != 4;
}
static int steps_set(struct ilv_world *w, const char *v)
{
    return number_set(v, 1000000000, &w->max_steps);
}

#define MAX_STEPS_DEFAULT 100000u

static bool steps_get(const struct ilv_world *w, char *v, size_t n)
{
    snprintf(v, n, "%u", w->max_steps);
    return w->max_steps != MAX_STEPS_DEFAULT;
}
static int spin_set(struct ilv_world *w, const char *v)
{
    return number_set(v, 1000000, &w->spin_seconds);
}

#define SPIN_SECONDS_DEFAULT 5u

static bool spin_get(const struct ilv_world *w, char *v, size_t n)
{
    snprintf(v, n, "%u", w->spin_seconds);
    return w->spin_seconds != SPIN_SECONDS_DEFAULT;
}
static int stdin_set(struct ilv_world *w, const char *v)
{
    w->stdin_file = v;
    return *v ? 0 : -EINVAL;
}
static bool stdin_get(const struct ilv_world *w, char *v, size_t n)
{
    (void)w, (void)v, (void)n;
    return false;
}
static int start_set(struct ilv_world *w, const char *v)
{
    w->start_symbol = v;
    return *v && strlen(v) < sizeof((struct ilv_config *)0)->start_symbol ? 0 : -EINVAL;
}
static bool start_get(const struct ilv_world *w, char *v, size_t n)
{
    return text_get(w->start_symbol, v, n);
}
static int expect_set(struct ilv_world *w, const char *v)
{
    w->expect = v;
    return *v ? 0 : -EINVAL;
}
static bool expect_get(const struct ilv_world *w, char *v, size_t n)
{
    return text_get(w->expect, v, n);
}
static int check_set(struct ilv_world *w, const char *v)
{
    w->check = v;
    return *v && strlen(v) < sizeof((struct ilv_config *)0)->check ? 0 : -EINVAL;
}
static bool check_get(const struct ilv_world *w, char *v, size_t n)
{
    return text_get(w->check, v, n);
}
static int fresh_set(struct ilv_world *w, const char *v)
{
    w->fresh_dir = true;
    return *v ? -EINVAL : 0;
}
static bool fresh_get(const struct ilv_world *w, char *v, size_t n)
{
    (void)n;
    return flag_get(w->fresh_dir, v);
}
static int same_set(struct ilv_world *w, const char *v)
{
    w->same_output = true;
    return *v ? -EINVAL : 0;
}
static bool same_get(const struct ilv_world *w, char *v, size_t n)
{
    (void)n;
    return flag_get(w->same_output, v);
}

static int races_set(struct ilv_world *w, const char *v)
{
    uint16_t value;
    if (word_set(races, v, &value))
        return -EINVAL;
    w->allow_races = value != 0;
    return 0;
}
static bool races_get(const struct ilv_world *w, char *v, size_t n)
{
    return word_get(races, w->allow_races, v, n);
}

static int reports_set(struct ilv_world *w, const char *v)
{
    return word_set(reports, v, &w->reports);
}
static bool reports_get(const struct ilv_world *w, char *v, size_t n)
{
    return word_get(reports, w->reports, v, n);
}

static int points_set(struct ilv_world *w, const char *v)
{
    w->points = strcmp(v, "learnt") != 0 ? v : NULL;
    return *v != '\0' && strlen(v) < 1024 ? 0 : -EINVAL;
}
static bool points_get(const struct ilv_world *w, char *v, size_t n)
{
    return text_get(w->points, v, n);
}

static const struct entry entries[] = {
    {{"stdin", "FILE", "standard input of every run (default: empty)"},
     stdin_set,
     stdin_get,
     "the name of a file"},
    {{"fresh-dir", NULL, "each run works in its own copy of the current directory"},
     fresh_set,
     fresh_get,
     "no value"},
    {{"cpus", "N", "number of CPUs that the program sees (default 4)"},
     cpus_set,
     cpus_get,
     "a number from 1 to 1024"},
    {{"clock", "MODE",
      "free: deadlines may pass while others could run (default); idle: only "
      "when nothing else can go on"},
     clock_set,
     clock_get,
     "free or idle"},
    {{"faults", "LIST",
      "spurious: conditions may wake without a signal, weak compare-exchanges fail (default none)"},
     faults_set,
     faults_get,
     "none or spurious"},
    {{"points", "PATTERNS",
      "of programs built by interleave cc, the accesses at which tasks may change: learnt: those "
      "for "
      "which tasks contend (default); all; or those in code that one of the patterns names by "
      "function, "
      "file or module (! excludes): queue.c,!log_*"},
     points_set,
     points_get,
     "learnt, all, or patterns of at most 1023 letters"},
    {{"races", "MODE",
      "of programs built by interleave cc: report: a data race is a failure (default); allow: runs "
      "go "
      "on, and accesses that race are points"},
     races_set,
     races_get,
     "report or allow"},
    {{"sanitizer", "MODE",
      "of programs with ThreadSanitizer or AddressSanitizer beneath: report: what it reports is a "
      "failure (default); allow: runs go on; compare: runs go on, and a data race that only one "
      "of ThreadSanitizer and our own detector sees is the failure"},
     reports_set,
     reports_get,
     "report, allow or compare"},
    {{"start-at", "SYMBOL", "begin the runs at the first call of SYMBOL instead of main"},
     start_set,
     start_get,
     "the name of a function of at most 127 letters"},
    {{"expect", "FILE", "the output of each run must be the content of FILE"},
     expect_set,
     expect_get,
     "the name of a file"},
    {{"check", "CMD", "shell command that must succeed after each run, in its directory"},
     check_set,
     check_get,
     "a command of at most 1023 letters"},
    {{"same-output", NULL, "the output of each run must be that of run 0"},
     same_set,
     same_get,
     "no value"},
    {{"max-steps", "N", "a run with more steps is a livelock (default 100000)"},
     steps_set,
     steps_get,
     "a number from 1 to 1000000000"},
    {{"spin-seconds", "N",
      "a run that computes N seconds of CPU time without a call is given up (default 5)"},
     spin_set,
     spin_get,
     "a number from 1 to 1000000"},
    {{"backend", "NAME", "how threads run: auto, fiber, baton (default auto)"},
     backend_set,
     backend_get,
     "auto, fiber or baton"},
    {{"trap", "NAME", "how system calls are caught: auto, dispatch, seccomp, off (default auto)"},
     trap_set,
     trap_get,
     "auto, dispatch, seccomp or off"},
};
#define ENTRIES (sizeof entries / sizeof *entries)

const struct ilv_world_option *ilv_world_options(void)
{
    static struct ilv_world_option options[ENTRIES + 1];
    for (size_t i = 0; i < ENTRIES; i++)
        options[i] = entries[i].option;
    return options;
}

void ilv_world_init(struct ilv_world *world, char *const *argv)
{
    *world = (struct ilv_world){.argv = argv,
                                .cpus = 4,
                                .max_steps = MAX_STEPS_DEFAULT,
                                .spin_seconds = SPIN_SECONDS_DEFAULT,
                                .detectors = (1u << ILV_DETECTOR_COUNT) - 1};
}

static const struct entry *entry_find(const char *option, size_t length)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        const char *name = entries[i].option.name;
        if (strlen(name) == length && !memcmp(name, option, length))
            return &entries[i];
    }
    return NULL;
}

int ilv_world_set(struct ilv_world *world, const char *option, char *error, size_t size)
{
    size_t length = strcspn(option, "=");
    const char *value = option + length + (option[length] == '=');
    const struct entry *entry = entry_find(option, length);
    if (!entry) {
        snprintf(error, size, "unknown option '%s'; interleave hunt --help lists them", option);
        return -EINVAL;
    }
    if (entry->set(world, value)) {
        snprintf(error, size, "--%s: '%s' is not valid; it takes %s", entry->option.name, value,
                 entry->allowed);
        return -EINVAL;
    }
    return 0;
}

void ilv_world_each(const struct ilv_world *world, void (*visit)(const char *word, void *context),
                    void *context)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        char value[1280], word[1408];
        if (!entries[i].get(world, value, sizeof value))
            continue;
        snprintf(word, sizeof word, "%s%s%s", entries[i].option.name, *value ? "=" : "", value);
        visit(word, context);
    }
}
