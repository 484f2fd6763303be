/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TASKS 40
#define OBJECTS 64
#define FINDINGS 16
#define WORDS 8
#define GUARD 0x7e

static struct run {
    struct ilv_task_info task[TASKS];
    struct ilv_object_info object[OBJECTS];
    char object_name[OBJECTS][16];
    uint32_t task_object[TASKS];
    bool interruptible[TASKS];
    struct ilv_view view;
    struct ilv_finding finding[FINDINGS];
    unsigned findings;
    uint32_t statement; /* number of it, from 1: its site */
    bool wrong;         /* an error was found: the run is over */
    bool ended;
    void *state[ILV_DETECTOR_COUNT];
    size_t size[ILV_DETECTOR_COUNT];
} run;

static char told[4096];

static _Noreturn void bad(const char *what, const char *word)
{
    fprintf(stderr, "script, statement %u: %s '%s'\n", run.statement, what, word);
    abort();
}

/* ---- the core's side ---------------------------------------------------------------------- */

static void report(const struct ilv_view *view, const struct ilv_finding *finding)
{
    (void)view;
    if (run.findings == FINDINGS) {
        bad("too many findings", "");
    }
    run.finding[run.findings++] = *finding;
    run.wrong = run.wrong || ilv_verdict_class(finding->verdict) == ILV_ERROR;
}

static bool may_be_interrupted(const struct ilv_view *view, unsigned task)
{
    (void)view;
    return run.interruptible[task];
}

static void begin_detectors(void)
{
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT; i++) {
        const struct ilv_detector *d = ilv_detector(i);
        run.size[i] = d->size(TASKS, OBJECTS);
        run.state[i] = calloc(1, run.size[i] + 64);
        memset((char *)run.state[i] + run.size[i], GUARD, 64);
        d->begin(run.state[i], TASKS, OBJECTS);
    }
}

static void end_detectors(void)
{
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT; i++) {
        for (size_t k = 0; k < 64; k++) {
            if (((char *)run.state[i])[run.size[i] + k] != GUARD) {
                bad("wrote beyond its memory", ilv_detector(i)->name);
            }
        }
        free(run.state[i]);
    }
}

static void end_run(const struct ilv_ending *ending)
{
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT && !run.ended; i++) {
        if (ilv_detector(i)->end != NULL) {
            ilv_detector(i)->end(run.state[i], &run.view, ending);
        }
    }
    run.ended = true;
}

static void end_if_wrong(unsigned task)
{
    if (run.wrong) {
        end_run(&(struct ilv_ending){.how = ILV_END_FINDING, .task = (uint16_t)task});
    }
}

static void make_step(const struct ilv_step *step)
{
    run.view.step++;
    run.task[step->task].steps++;
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT; i++) {
        if (ilv_detector(i)->step != NULL) {
            ilv_detector(i)->step(run.state[i], &run.view, step);
        }
    }
    end_if_wrong(step->task);
}

static void block(unsigned task)
{
    for (unsigned i = 0; i < ILV_DETECTOR_COUNT; i++) {
        if (ilv_detector(i)->block != NULL) {
            ilv_detector(i)->block(run.state[i], &run.view, task);
        }
    }
    end_if_wrong(task);
}

/* ---- names -------------------------------------------------------------------------------- */

static int find_task(const char *path)
{
    uint64_t id = 0;
    if (ilv_task_id_of_path(path, &id) != 0) {
        return -1;
    }
    for (uint32_t t = 0; t < run.view.task_count; t++) {
        if (run.task[t].id == id) {
            return (int)t;
        }
    }
    return -1;
}

static uint32_t new_object(unsigned cls, const char *name, size_t length)
{
    uint32_t o = run.view.object_count++;
    if (o >= OBJECTS || length >= sizeof run.object_name[o]) {
        bad("too many objects", name);
    }
    memcpy(run.object_name[o], name, length);
    run.object[o] = (struct ilv_object_info){.cls = (uint8_t)cls,
                                             .state = ILV_OBJECT_LIVE,
                                             .address = 1000 + o,
                                             .made_at = run.view.step};
    return o;
}

static unsigned new_task(const char *path, unsigned parent)
{
    uint32_t t = run.view.task_count++;
    struct ilv_task_info *task = &run.task[t];
    if (t >= TASKS) {
        bad("too many tasks", path);
    }
    *task = (struct ilv_task_info){.index = (uint16_t)t,
                                   .parent = (uint16_t)parent,
                                   .state = ILV_TASK_LIVE,
                                   .made_at = run.view.step + 1,
                                   .site = run.statement};
    if (ilv_task_id_of_path(path, &task->id) != 0) {
        bad("not a path", path);
    }
    const char *dot = strrchr(path, '.');
    task->nth = dot != NULL ? (uint16_t)strtol(dot + 1, NULL, 10) : 0;
    run.task_object[t] = new_object(ILV_CLASS_TASK, path, strlen(path));
    run.object[run.task_object[t]].address = t;
    task->op = (struct ilv_op){.kind = ILV_EV_TASK_START, .object = run.task_object[t]};
    return t;
}

static unsigned class_of(const char *name, size_t letters)
{
    for (unsigned cls = 1; cls < ILV_CLASS_COUNT; cls++) {
        const char *letter = ilv_class_letter(cls);
        if (strlen(letter) == letters && memcmp(letter, name, letters) == 0) {
            return cls;
        }
    }
    bad("no such class of objects", name);
}

static void set_flags(uint32_t object, const char *flags)
{
    static const char letters[] = "reb";
    static const uint16_t values[] = {ILV_RECURSIVE, ILV_ERRORCHECK, ILV_ROBUST};
    for (; *flags != '\0'; flags++) {
        const char *at = strchr(letters, *flags);
        if (at != NULL) {
            run.object[object].flags |= values[at - letters];
        } else if (*flags == 'g') {
            run.object[object].module = 1;
        } else {
            bad("no such flag", flags);
        }
    }
}

static uint32_t object_named(const char *name)
{
    size_t letters = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    size_t length = letters + strspn(name + letters, "0123456789");
    for (uint32_t o = 1; o < run.view.object_count; o++) {
        if (strlen(run.object_name[o]) == length && memcmp(run.object_name[o], name, length) == 0) {
            return o;
        }
    }
    uint32_t o = new_object(class_of(name, letters), name, length);
    set_flags(o, name + length);
    return o;
}

static unsigned event_named(const char *word)
{
    static const char *const short_words[][2] = {
        {"lock", "mutex-lock"}, {"trylock", "mutex-trylock"},    {"unlock", "mutex-unlock"},
        {"wait", "cond-wait"},  {"wake", "cond-wake"},           {"signal", "cond-signal"},
        {"sleep", "cond-wait"}, {"broadcast", "cond-broadcast"},
    };
    for (size_t i = 0; i < sizeof short_words / sizeof short_words[0]; i++) {
        if (strcmp(word, short_words[i][0]) == 0) {
            word = short_words[i][1];
        }
    }
    int event = ilv_event_find(word);
    if (event <= 0) {
        bad("no such operation", word);
    }
    return (unsigned)event;
}

static int32_t error_named(const char *word)
{
    static const struct {
        const char *name;
        int32_t number;
    } errors[] = {{"EPERM", EPERM},
                  {"EBUSY", EBUSY},
                  {"ETIMEDOUT", ETIMEDOUT},
                  {"EDEADLK", EDEADLK},
                  {"EOWNERDEAD", EOWNERDEAD},
                  {"EAGAIN", EAGAIN},
                  {"ENOTRECOVERABLE", ENOTRECOVERABLE}};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (strcmp(word, errors[i].name) == 0) {
            return errors[i].number;
        }
    }
    bad("no such error", word);
}

/* ---- statements --------------------------------------------------------------------------- */

struct statement {
    unsigned task;
    struct ilv_op op;
    uint64_t value;
    int32_t result;
    bool blocked;
    bool published; /* only */
    bool sleeps;
};

static void read_object(struct statement *s, const char *word)
{
    int task = word[0] == 'T' ? find_task(word) : -1;
    if (word[0] == 'T' && task < 0) {
        task = (int)new_task(word, s->task);
    }
    uint32_t object = task >= 0 ? run.task_object[task] : object_named(word);
    *(s->op.object == 0 ? &s->op.object : &s->op.object2) = object;
}

static void read_word(struct statement *s, const char *word)
{
    if (strcmp(word, "?") == 0) {
        s->blocked = s->published = true;
    } else if (strcmp(word, "~") == 0) {
        s->published = true;
    } else if (strcmp(word, "timed") == 0) {
        s->op.flags |= ILV_TIMED;
        s->op.deadline = 77;
    } else if (word[0] == '=') {
        s->result = error_named(word + 1);
    } else if (word[0] == '#') {
        s->value = strtoul(word + 1, NULL, 10);
    } else if (word[0] == '@') {
        s->value = object_named(word + 1);
        run.object[s->op.object].address = run.object[s->value].address;
    } else {
        read_object(s, word);
    }
}

static void publish(const struct statement *s)
{
    run.task[s->task].op = s->op;
    if (s->blocked) {
        block(s->task);
    }
}

static void after_step(const struct statement *s)
{
    uint32_t object = s->op.object;
    struct ilv_task_info *other =
        run.object[object].cls == ILV_CLASS_TASK ? &run.task[run.object[object].address] : NULL;
    if (s->op.kind == ILV_EV_TASK_EXIT) {
        run.task[s->task].state = ILV_TASK_ENDED;
    } else if (s->op.kind == ILV_EV_TASK_JOIN && s->result == 0 && other != NULL) {
        other->joined = 1;
    } else if (s->op.kind == ILV_EV_TASK_DETACH && other != NULL) {
        other->detached = 1;
    }
}

static void carry_out(struct statement *s)
{
    run.task[s->task].op = s->op;
    make_step(&(struct ilv_step){.value = s->value,
                                 .result = s->result,
                                 .object = s->op.object,
                                 .object2 = s->op.object2,
                                 .site = s->op.site,
                                 .kind = s->op.kind,
                                 .task = (uint16_t)s->task,
                                 .flags = s->op.flags});
    after_step(s);
    if (s->sleeps && !run.ended) {
        s->op.kind = ILV_EV_COND_WAKE;
        s->blocked = true;
        publish(s);
    }
}

static bool change_task(unsigned task, const char *word)
{
    if (strcmp(word, "woken") == 0) {
        run.task[task].op.value = 1;
        run.task[task].op.deadline = 0;
    } else if (strcmp(word, "gave-up") == 0) {
        run.task[task].op.deadline = 0;
    } else if (strcmp(word, "interruptible") == 0) {
        run.interruptible[task] = true;
    } else {
        return false;
    }
    return true;
}

static void read_end(char *const *words, unsigned count)
{
    static const struct {
        const char *word;
        struct ilv_ending ending;
    } ends[] = {
        {"stuck", {.how = ILV_END_STUCK}},
        {"exit", {.how = ILV_END_EXIT}},
        {"signal", {.how = ILV_END_SIGNAL}},
        {"steps", {.how = ILV_END_STEPS}},
        {"main-returns", {.how = ILV_END_EXIT, .main_ended = true}},
        {"main-exits", {.how = ILV_END_EXIT, .main_ended = true, .by_exit = true}},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (strcmp(words[1], ends[i].word) == 0) {
            struct ilv_ending ending = ends[i].ending;
            ending.value = count > 2 ? (int32_t)strtol(words[2], NULL, 10) : 0;
            ending.task = (uint16_t)(count > 3 ? find_task(words[3]) : 0);
            end_run(&ending);
            return;
        }
    }
    bad("no such end", words[1]);
}

static void do_statement(char *const *words, unsigned count)
{
    run.statement++;
    if (count < 2) {
        bad("half a statement", words[0]);
    }
    if (strcmp(words[0], "end") == 0) {
        read_end(words, count);
        return;
    }
    int task = find_task(words[0]);
    if (task < 0) {
        bad("no such task", words[0]);
    }
    if (change_task((unsigned)task, words[1])) {
        return;
    }
    struct statement s = {.task = (unsigned)task, .sleeps = strcmp(words[1], "sleep") == 0};
    s.op.kind = (uint16_t)event_named(words[1]);
    s.op.site = run.statement;
    for (unsigned i = 2; i < count; i++) {
        read_word(&s, words[i]);
    }
    if (s.published) {
        publish(&s);
    } else {
        carry_out(&s);
    }
}

/* ---- telling ------------------------------------------------------------------------------ */

static void tell(const char *text)
{
    size_t used = strlen(told);
    snprintf(told + used, sizeof told - used, "%s", text);
}

static void tell_part(const struct ilv_part *part)
{
    static const char *const roles[] = {"?", " waits", " holds", " did", " signalled"};
    char path[64];
    char text[160];
    const char *object = part->object != 0 ? run.object_name[part->object] : "";
    snprintf(text, sizeof text, "%s%s%s%s", ilv_task_path(run.task, part->task, path, sizeof path),
             roles[part->role], part->object != 0 ? " " : "", object);
    tell(text);
    if (part->step != 0) {
        snprintf(text, sizeof text, "@%u", part->step);
        tell(text);
    }
}

static void tell_finding(const struct ilv_finding *finding)
{
    char value[32] = "";
    if (finding->value != 0) {
        snprintf(value, sizeof value, " (%d)", finding->value);
    }
    tell(told[0] != '\0' ? " | " : "");
    tell(ilv_verdict_word(finding->verdict));
    tell(finding->kind != ILV_KIND_NONE ? " " : "");
    tell(ilv_kind_word(finding->kind));
    tell(value);
    for (unsigned i = 0; i < finding->parts_used; i++) {
        tell(i == 0 ? ": " : ", ");
        tell_part(&finding->part[i]);
    }
}

const struct ilv_finding *script_findings(unsigned *count)
{
    *count = run.findings;
    return run.finding;
}

static void do_all(char *text)
{
    char *rest = NULL;
    for (char *one = strtok_r(text, ";", &rest); one != NULL && !run.ended;
         one = strtok_r(NULL, ";", &rest)) {
        char *words[WORDS] = {NULL};
        unsigned count = 0;
        char *more = NULL;
        for (char *word = strtok_r(one, " ", &more); word != NULL && count < WORDS;
             word = strtok_r(NULL, " ", &more)) {
            words[count++] = word;
        }
        if (count > 0) {
            do_statement(words, count);
        }
    }
}

const char *script_judge(const char *text)
{
    char *copy = strdup(text);
    memset(&run, 0, sizeof run);
    run.view = (struct ilv_view){.tasks = run.task,
                                 .objects = run.object,
                                 .object_count = 1,
                                 .may_be_interrupted = may_be_interrupted,
                                 .report = report};
    new_task("T0", 0);
    begin_detectors();
    do_all(copy);
    end_detectors();
    free(copy);
    told[0] = '\0';
    for (unsigned i = 0; i < run.findings; i++) {
        tell_finding(&run.finding[i]);
    }
    return told;
}
