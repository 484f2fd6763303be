/* SPDX-License-Identifier: MIT */
#include "race_script.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MEMORY ((size_t)1 << 30)
#define TASKS 128u
#define OBJECTS 192u
#define WORDS 8u
#define PLACES UINT64_C(0x560000001000)
#define APART 256u

static struct {
    struct ilv_race *race;
    struct ilv_view view;
    struct ilv_object_info object[OBJECTS];
    char name[OBJECTS][8];
    uint32_t statement;
} run;

static char told[4096];
static size_t told_size;

static _Noreturn void bad(const char *what, const char *word)
{
    fprintf(stderr, "script, statement %u: %s '%s'\n", run.statement, what, word);
    abort();
}

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
    va_list arguments;
    size_t left = sizeof told - told_size;
    va_start(arguments, format);
    int n = vsnprintf(told + told_size, left, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= left) {
        bad("too much is found", "");
    }
    told_size += (size_t)n;
}

/* ---- words -------------------------------------------------------------------------------- */

static unsigned number_after(const char *word, size_t letters)
{
    char *end;
    unsigned long n = strtoul(word + letters, &end, 10);
    if (end == word + letters || *end != '\0') {
        bad("no number", word);
    }
    return (unsigned)n;
}

uint64_t race_script_place(char letter)
{
    return PLACES + (uint64_t)(letter - 'a') * APART;
}

/* x, x+4, x:16, x+4:2 */
static void parse_place(const char *word, uint64_t *address, uint32_t *size)
{
    char *at;
    *address = race_script_place(word[0]);
    at = (char *)(uintptr_t)(word + 1);
    if (*at == '+') {
        *address += strtoul(at + 1, &at, 10);
    }
    if (*at == ':') {
        *size = (uint32_t)strtoul(at + 1, &at, 10);
    }
    if (word[0] < 'a' || word[0] > 'z' || *at != '\0') {
        bad("not a place", word);
    }
}

static uint32_t new_object(unsigned cls, uint64_t address, const char *word)
{
    uint32_t o = run.view.object_count++;
    if (o >= OBJECTS) {
        bad("too many objects", word);
    }
    run.object[o] = (struct ilv_object_info){.cls = (uint8_t)cls, .address = address};
    return o;
}

static uint32_t task_object(unsigned task)
{
    for (uint32_t o = 1; o < run.view.object_count; o++) {
        if (run.object[o].cls == ILV_CLASS_TASK && run.object[o].address == task) {
            return o;
        }
    }
    return new_object(ILV_CLASS_TASK, task, "task");
}

static uint32_t object_named(const char *word)
{
    if (word[0] == 'T') {
        return task_object(number_after(word, 1));
    }
    for (uint32_t o = 1; o < run.view.object_count; o++) {
        if (strcmp(run.name[o], word) == 0) {
            return o;
        }
    }
    if (strlen(word) >= sizeof run.name[0]) {
        bad("a long name", word);
    }
    uint64_t address = race_script_place((char)(word[0] - 'A' + 'a'));
    uint32_t o = new_object(ILV_CLASS_MUTEX, address, word);
    memcpy(run.name[o], word, strlen(word) + 1);
    return o;
}

static int find(const char *const *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0) {
            return (int)i;
        }
    }
    return -1;
}
#define FIND(words, word) find(words, sizeof(words) / sizeof(words)[0], word)

static unsigned order_named(const char *word)
{
    static const char *const orders[] = {"rlx", "con", "acq", "rel", "ar", "sc"};
    int order = FIND(orders, word);
    if (order < 0) {
        bad("no such order", word);
    }
    return (unsigned)order;
}

/* ---- what was found ----------------------------------------------------------------------- */

static void tell_access(const struct ilv_race_access *access)
{
    uint64_t from = access->address - PLACES;
    const char *what = (access->what & ILV_RACE_WRITE) != 0 ? "w" : "r";
    what = (access->what & ILV_RACE_FREE) != 0 ? "free" : what;
    tell("T%u %s%s %c", access->task, (access->what & ILV_RACE_ATOMIC) != 0 ? "a" : "", what,
         (char)('a' + from / APART));
    if (from % APART != 0) {
        tell("+%u", (unsigned)(from % APART));
    }
    if (access->size != 8) {
        tell(":%u", access->size);
    }
    tell("@%u", access->step);
}

static void tell_result(unsigned result, const struct ilv_race_pair *pair)
{
    if ((result & ILV_RACE_FULL) != 0) {
        bad("no memory", "");
    }
    if ((result & ILV_RACE_FOUND) != 0) {
        tell("%s", told_size != 0 ? " | " : "");
        tell_access(&pair->earlier);
        tell("%s", ", ");
        tell_access(&pair->later);
    }
}

/* ---- statements --------------------------------------------------------------------------- */

static bool plain(unsigned task, char **word)
{
    static const char *const verbs[] = {"r", "w", "free"};
    static const uint16_t whats[] = {ILV_RACE_READ, ILV_RACE_WRITE, ILV_RACE_WRITE | ILV_RACE_FREE};
    int verb = FIND(verbs, word[1]);
    if (verb < 0) {
        return false;
    }
    struct ilv_race_pair pair;
    struct ilv_race_access access = {
        .size = 8, .step = run.statement, .task = (uint16_t)task, .what = whats[verb]};
    parse_place(word[2], &access.address, &access.size);
    bool small = access.size + (access.address & 7) <= 8;
    if (!small || !ilv_race_same(run.race, task, access.address, access.size, access.what & 1u)) {
        tell_result(ilv_race_access(run.race, &access, &pair), &pair);
    }
    return true;
}

static bool atomic(unsigned task, char **word)
{
    static const char *const verbs[] = {"load", "store", "rmw", "failed"};
    static const uint16_t writes[] = {0, ILV_RACE_WRITE, ILV_RACE_WRITE, 0};
    int verb = FIND(verbs, word[1]);
    if (verb < 0) {
        return false;
    }
    struct ilv_race_pair pair;
    struct ilv_race_access access = {.size = 4,
                                     .step = run.statement,
                                     .task = (uint16_t)task,
                                     .what = (uint16_t)(ILV_RACE_ATOMIC | writes[verb])};
    parse_place(word[2], &access.address, &access.size);
    tell_result(ilv_race_atomic(run.race, &access, verb != 1, order_named(word[3]), &pair), &pair);
    return true;
}

static bool call(unsigned task, char **word)
{
    static const char *const verbs[] = {"seen", "noted", "renoted", "fresh", "fence", "as"};
    int verb = FIND(verbs, word[1]);
    uint64_t address = 0;
    uint32_t size = 8;
    if (verb >= 0 && verb < 4) {
        parse_place(word[2], &address, &size);
    }
    if (verb == 5) {
        ilv_race_act_as(run.race, task, number_after(word[2], 1));
    } else if (verb == 4) {
        ilv_race_fence(run.race, task, order_named(word[2]));
    } else if (verb == 3) {
        ilv_race_fresh(run.race, address, size);
    } else if (verb >= 0) {
        ilv_race_sync_at(run.race, task, address, (enum ilv_race_sync)verb);
    }
    return verb >= 0;
}

static int error_named(const char *word)
{
    static const char *const names[] = {"EBUSY",  "EOWNERDEAD", "ETIMEDOUT", "ENOTRECOVERABLE",
                                        "EAGAIN", "EINTR",      "EPERM"};
    static const int errors[] = {EBUSY,  EOWNERDEAD, ETIMEDOUT, ENOTRECOVERABLE,
                                 EAGAIN, EINTR,      EPERM};
    int i = FIND(names, word);
    if (i < 0) {
        bad("no such error", word);
    }
    return errors[i];
}

static int event_named(const char *word)
{
    static const char *const shorter[] = {"lock", "unlock", "trylock", "wake", "wait"};
    static const int events[] = {ILV_EV_MUTEX_LOCK, ILV_EV_MUTEX_UNLOCK, ILV_EV_MUTEX_TRYLOCK,
                                 ILV_EV_COND_WAKE, ILV_EV_COND_WAIT};
    int i = FIND(shorter, word);
    int event = i >= 0 ? events[i] : ilv_event_find(word);
    if (event < 0) {
        bad("no such operation", word);
    }
    return event;
}

static void step(unsigned task, char **word, size_t words)
{
    struct ilv_step s = {.kind = (uint16_t)event_named(word[1]), .task = (uint16_t)task};
    uint32_t *object = &s.object;
    for (size_t i = 2; i < words; i++) {
        if (word[i][0] == '=') {
            s.result = error_named(word[i] + 1);
        } else if (word[i][0] == '#') {
            s.value = number_after(word[i], 1);
        } else if (word[i][0] == '^') {
            s.flags |= ILV_INTERRUPTED;
        } else {
            *object = object_named(word[i]);
            object = &s.object2;
        }
    }
    run.view.step = run.statement;
    ilv_race_step(run.race, &run.view, &s);
}

static void statement(char *text)
{
    static char none[] = "";
    char *word[WORDS] = {none, none, none, none};
    size_t words = 0;
    for (char *rest, *w = strtok_r(text, " ", &rest); w != NULL; w = strtok_r(NULL, " ", &rest)) {
        if (words == WORDS) {
            bad("too many words", w);
        }
        word[words++] = w;
    }
    if (words == 0) {
        return;
    }
    run.statement++;
    unsigned task = number_after(word[0], 1);
    if (!plain(task, word) && !atomic(task, word) && !call(task, word)) {
        step(task, word, words);
    }
}

const char *race_script(const char *text)
{
    static void *memory;
    if (memory != NULL) {
        munmap(memory, MEMORY);
    }
    memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                  -1, 0);
    memset(&run, 0, sizeof run);
    run.view = (struct ilv_view){.objects = run.object, .object_count = 1};
    run.race = ilv_race_begin(memory, MEMORY, TASKS, OBJECTS);
    told[0] = '\0';
    told_size = 0;
    char *copy = strdup(text);
    for (char *rest, *s = strtok_r(copy, ";", &rest); s != NULL; s = strtok_r(NULL, ";", &rest)) {
        statement(s);
    }
    free(copy);
    return told;
}

struct ilv_race *race_script_engine(void)
{
    return run.race;
}
