/* SPDX-License-Identifier: MIT */
#include "fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_task {
    struct ilv_op op[FAKE_OPS];
    uint32_t ops;
    uint32_t at;    /* operation ahead */
    bool asleep;    /* on a condition, not woken */
    uint32_t steps; /* steps it has made */
};

struct machine {
    struct fake_task task[FAKE_TASKS];
    unsigned count;
    int owner[FAKE_OBJECTS];      /* of mutexes: task + 1 */
    unsigned value[FAKE_OBJECTS]; /* of semaphores */
    int last;                     /* task that made the last step */
    const struct ilv_strategy *strategy;
    struct fake_run *run;
    _Alignas(64) uint8_t state[ILV_STRATEGY_STATE];
};

/* Numbers of objects of different classes do not meet. */
enum { MUTEXES = 100, SEMAPHORES = 200, CONDITIONS = 300, MEMORY = 400, CLOCK = 500 };

static const struct word {
    char letter, sign;
    uint16_t kind;
    uint16_t base;
} words[] = {
    {'M', '+', ILV_EV_MUTEX_LOCK, MUTEXES},   {'M', '-', ILV_EV_MUTEX_UNLOCK, MUTEXES},
    {'S', '+', ILV_EV_SEM_POST, SEMAPHORES},  {'S', '-', ILV_EV_SEM_WAIT, SEMAPHORES},
    {'C', '?', ILV_EV_COND_WAKE, CONDITIONS}, {'C', '!', ILV_EV_COND_SIGNAL, CONDITIONS},
    {'R', '\0', ILV_EV_CHANNEL_POLL, MEMORY}, {'W', '\0', ILV_EV_CHANNEL_WRITE, MEMORY},
    {'Z', '\0', ILV_EV_CLOCK_SLEEP, CLOCK},
};

static const char *read_op(const char *text, struct ilv_op *op)
{
    char *end = NULL;
    unsigned long number = strtoul(text + 1, &end, 10);
    bool bare = *end == ' ' || *end == '\0';
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].letter == text[0] && (bare ? words[i].sign == '\0' : words[i].sign == *end)) {
            *op = (struct ilv_op){.kind = words[i].kind,
                                  .object = (uint32_t)(words[i].base + number)};
            op->deadline = text[0] == 'Z' ? number : 0;
            return end + strcspn(end, " ");
        }
    }
    fprintf(stderr, "fake program: '%s'\n", text);
    abort();
}

static void read_task(struct machine *m, unsigned t, const char *text)
{
    struct fake_task *task = &m->task[t];
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        if (task->ops == FAKE_OPS) {
            abort();
        }
        m->run->op_text[t][task->ops] = text;
        text = read_op(text, &task->op[task->ops++]);
    }
}

static bool possible(const struct machine *m, const struct fake_task *task)
{
    const struct ilv_op *op = &task->op[task->at];
    switch (op->object / 100 * 100) {
    case MUTEXES:
        return op->kind != ILV_EV_MUTEX_LOCK || m->owner[op->object - MUTEXES] == 0;
    case SEMAPHORES:
        return op->kind != ILV_EV_SEM_WAIT || m->value[op->object - SEMAPHORES] > 0;
    case CONDITIONS:
        return op->kind != ILV_EV_COND_WAKE || !task->asleep;
    default:
        return op->kind != ILV_EV_CLOCK_SLEEP;
    }
}

static uint32_t offer(const struct machine *m, struct ilv_candidate *out)
{
    uint32_t n = 0;
    for (unsigned t = 0; t < m->count; t++) {
        const struct fake_task *task = &m->task[t];
        if (task->at == task->ops) {
            continue;
        }
        const struct ilv_op *op = &task->op[task->at];
        bool now = possible(m, task);
        if (now || op->deadline != 0) {
            out[n++] = (struct ilv_candidate){.task_id = fake_ids()[t],
                                              .op = op,
                                              .steps = task->steps,
                                              .task = (uint16_t)t,
                                              .how = now ? ILV_HOW_RUN : ILV_HOW_EXPIRE};
        }
    }
    return n;
}

static void record(struct machine *m, const struct ilv_candidate *c)
{
    m->run->choice[m->run->choice_count++] =
        (struct ilv_choice){c->task, c->how, c->op->kind, c->signal, 1, c->steps};
}

/* Index of what the strategy picks, or -1 when the run is over. */
static int ask(struct machine *m, const struct ilv_candidate *candidates, uint32_t n, int current)
{
    if (n < 2) {
        return (int)n - 1;
    }
    struct ilv_point point = {candidates, n, current};
    uint32_t pick = m->strategy->choose(m->state, &point);
    m->run->diverged = pick == ILV_DIVERGED;
    m->run->outside = !m->run->diverged && pick >= n;
    if (pick >= n) {
        return -1;
    }
    record(m, &candidates[pick]);
    return (int)pick;
}

static bool wake_one(struct machine *m, uint32_t condition)
{
    struct ilv_candidate sleepers[FAKE_TASKS];
    uint32_t n = 0;
    for (unsigned t = 0; t < m->count; t++) {
        const struct fake_task *task = &m->task[t];
        if (task->asleep && task->op[task->at].object == condition) {
            sleepers[n++] = (struct ilv_candidate){.task_id = fake_ids()[t],
                                                   .op = &task->op[task->at],
                                                   .steps = task->steps,
                                                   .task = (uint16_t)t,
                                                   .how = ILV_HOW_WAKE};
        }
    }
    int pick = n == 0 ? -1 : ask(m, sleepers, n, -1);
    if (pick >= 0) {
        m->task[sleepers[pick].task].asleep = false;
    }
    return n == 0 || pick >= 0;
}

/* What the operation does to the objects; false when the strategy failed on the way. */
static bool apply(struct machine *m, unsigned t, const struct ilv_op *op)
{
    switch (op->object / 100 * 100) {
    case MUTEXES:
        m->owner[op->object - MUTEXES] = op->kind == ILV_EV_MUTEX_LOCK ? (int)t + 1 : 0;
        return true;
    case SEMAPHORES:
        m->value[op->object - SEMAPHORES] += op->kind == ILV_EV_SEM_POST ? 1U : -1U;
        return true;
    case CONDITIONS:
        return op->kind != ILV_EV_COND_SIGNAL || wake_one(m, op->object);
    default:
        return true;
    }
}

/* A condition wait is asleep as soon as it is published. */
static void publish(struct machine *m, unsigned t)
{
    struct fake_task *task = &m->task[t];
    task->asleep = task->at < task->ops && task->op[task->at].kind == ILV_EV_COND_WAKE;
}

static bool make_step(struct machine *m, unsigned t)
{
    struct fake_task *task = &m->task[t];
    const struct ilv_op *op = &task->op[task->at];
    struct fake_run *run = m->run;
    if (!apply(m, t, op)) {
        return false;
    }
    struct ilv_step step = {.kind = op->kind, .task = (uint16_t)t, .object = op->object};
    run->step_task[run->step_count] = (uint8_t)t;
    run->step_index[run->step_count++] = (uint8_t)task->at;
    if (m->strategy->step != NULL) {
        m->strategy->step(m->state, &step);
    }
    task->steps++;
    task->at++;
    m->last = (int)t;
    publish(m, t);
    return true;
}

static int index_of_last(const struct machine *m, const struct ilv_candidate *c, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (c[i].task == m->last && c[i].how == ILV_HOW_RUN) {
            return (int)i;
        }
    }
    return -1;
}

void fake_run(struct fake_run *run, const char *const *tasks, unsigned count,
              const struct ilv_plan *plan, const struct ilv_choice *choices)
{
    static struct machine m;
    memset(&m, 0, offsetof(struct machine, state));
    memset(run, 0, offsetof(struct fake_run, op_text));
    m.count = count;
    m.run = run;
    m.strategy = ilv_strategy(plan->strategy);
    m.strategy->begin(m.state, plan, choices, fake_ids());
    for (unsigned t = 0; t < count; t++) {
        read_task(&m, t, tasks[t]);
        publish(&m, t);
    }
    for (;;) {
        struct ilv_candidate candidates[FAKE_TASKS];
        uint32_t n = offer(&m, candidates);
        int pick = ask(&m, candidates, n, index_of_last(&m, candidates, n));
        if (pick < 0 || !make_step(&m, candidates[pick].task)) {
            break;
        }
    }
    for (unsigned t = 0; t < count; t++) {
        run->stuck = run->stuck || m.task[t].at < m.task[t].ops;
    }
}

const uint64_t *fake_ids(void)
{
    static uint64_t ids[FAKE_TASKS];
    ids[0] = ilv_task_root_id();
    for (unsigned t = 1; t < FAKE_TASKS; t++) {
        ids[t] = ilv_task_child_id(ids[0], t, 0);
    }
    return ids;
}

const char *fake_steps(const struct fake_run *run, char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < run->step_count && used < size; i++) {
        const char *op = run->op_text[run->step_task[i]][run->step_index[i]];
        used += (size_t)snprintf(text + used, size - used, "%s%d:%.*s", i == 0 ? "" : " ",
                                 run->step_task[i], (int)strcspn(op, " "), op);
    }
    return text;
}

int fake_when(const struct fake_run *run, unsigned task, unsigned operation)
{
    for (uint32_t i = 0; i < run->step_count; i++) {
        if (run->step_task[i] == task && run->step_index[i] == operation) {
            return (int)i;
        }
    }
    return -1;
}

struct ilv_plan fake_plan(unsigned strategy, uint64_t seed, double p, uint32_t d, uint32_t choices)
{
    struct ilv_parameters parameters = {.p = p, .d = d};
    struct ilv_knowledge knowledge = {.runs = 1, .max_choices = choices};
    struct ilv_plan plan;
    ilv_strategy_plan((int)strategy, &parameters, seed, 0, true, 0, &knowledge, &plan);
    return plan;
}
