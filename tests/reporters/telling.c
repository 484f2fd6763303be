/* SPDX-License-Identifier: MIT */
#include "telling.h"

#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ilv_test.h"

static uintptr_t bias;

static int find_bias(struct dl_phdr_info *info, size_t size, void *context)
{
    (void)size;
    (void)context;
    bias = info->dlpi_addr;
    return 1;
}

/* This program, or a copy of it without debugging information. */
static void add_module(struct telling *t, enum knowledge knowledge)
{
    struct ilv_module *module = &t->run->module[t->run->module_count++];
    char path[ILV_PATH_MAX - 16] = "";
    dl_iterate_phdr(find_bias, NULL);
    ILV_CHECK(readlink("/proc/self/exe", path, sizeof path - 1) > 0);
    snprintf(module->path, sizeof module->path, "%s%s", path, knowledge == NAMES ? "-names" : "");
    module->base = bias;
    module->end = bias + (1u << 30);
}

/* Who called the function of a call. */
static const struct {
    enum bank_call inner, outer;
} callers[] = {
    {HELPER_CHECK, AUDIT_HELPER},   {STOCK_PUT_FIRST, TRADE_PUT},   {STOCK_PUT_THEN, TRADE_PUT},
    {STOCK_TAKE_SLEEP, TRADE_TAKE}, {STOCK_TAKE_AWAKE, TRADE_TAKE}, {STOCK_TAKE_THEN, TRADE_TAKE},
    {STOCK_LOCK, TRADE_LOCK},
};

static void add_sites(struct telling *t)
{
    bank_walk();
    t->run->site_count = 1 + BANK_CALLS;
    for (unsigned call = 0; call < BANK_CALLS; call++)
        t->run->site[1 + call].frame[0] = ilv_frame(1, bank_return[call] - bias);
    for (unsigned i = 0; i < sizeof callers / sizeof callers[0]; i++)
        t->run->site[1 + callers[i].inner].frame[1] = t->run->site[1 + callers[i].outer].frame[0];
}

static uint32_t site_of(int call)
{
    return call < 0 ? 0 : 1 + (uint32_t)call;
}

void telling_begin(struct telling *t, enum knowledge knowledge)
{
    *t = (struct telling){.run = calloc(1, sizeof *t->run)};
    if (t->run == NULL)
        abort();
    t->report.run = t->run;
    t->report.replay = "interleave replay ./bank-1.sched";
    t->run->object_count = 1;
    ILV_CHECK_INT(chdir(ILV_SOURCES), 0);
    add_module(t, knowledge);
    add_sites(t);
    if (knowledge != NOTHING)
        t->report.symbols = ilv_symbols_open(t->run->module, t->run->module_count);
    make_task(t, 0, MAIN_CREATE_ONE);
    t->run->task[0].site = 0;
}

void telling_end(struct telling *t)
{
    ilv_symbols_close(t->report.symbols);
    free(t->run);
}

static uint32_t add_object(struct telling *t, unsigned cls)
{
    uint32_t index = t->run->object_count++;
    struct ilv_object_info *info = &t->run->object[index];
    uint32_t nth = 1;
    for (uint32_t i = 1; i < index; i++)
        nth += t->run->object[i].cls == cls;
    *info = (struct ilv_object_info){.id = 1000 + index, .cls = (uint8_t)cls, .nth = nth};
    return index;
}

uint32_t task_object(struct telling *t, uint16_t task)
{
    for (uint32_t i = 1; i < t->run->object_count; i++)
        if (t->run->object[i].id == t->run->task[task].id)
            return i;
    return 0;
}

uint16_t make_task(struct telling *t, uint16_t parent, enum bank_call made)
{
    uint16_t index = (uint16_t)t->run->task_count++;
    struct ilv_task_info *info = &t->run->task[index];
    uint16_t nth = index == 0 ? 0 : 1;
    for (uint16_t i = 1; i < index; i++)
        nth = (uint16_t)(nth + (t->run->task[i].parent == parent));
    uint64_t parent_id = t->run->task[parent].id;
    info->id = index == 0 ? ilv_task_root_id() : ilv_task_child_id(parent_id, nth, 0);
    info->index = index;
    info->parent = parent;
    info->nth = nth;
    info->state = ILV_TASK_LIVE;
    info->made_at = t->run->step_count + 1;
    info->site = site_of((int)made);
    t->run->object[add_object(t, ILV_CLASS_TASK)].id = info->id;
    return index;
}

uint32_t make_object(struct telling *t, unsigned cls, const void *address, size_t size)
{
    uint32_t index = add_object(t, cls);
    struct ilv_object_info *info = &t->run->object[index];
    info->size = (uint16_t)size;
    if (address != NULL) {
        info->module = 1;
        info->offset = (uintptr_t)address - bias;
    }
    return index;
}

uint32_t last_step(const struct telling *t)
{
    return t->run->step_count;
}

static struct ilv_step *add_record(struct telling *t, uint16_t task, unsigned event,
                                   uint32_t object, int call)
{
    struct ilv_step *step = &t->run->trace[t->run->trace_count++];
    *step = (struct ilv_step){.task = task,
                              .kind = (uint16_t)event,
                              .object = object,
                              .site = site_of(call),
                              .ready = 1,
                              .time = t->run->time};
    t->run->time += 1000;
    return step;
}

struct ilv_step *does(struct telling *t, uint16_t task, unsigned event, uint32_t object, int call)
{
    t->run->step_count++;
    t->run->task[task].steps++;
    return add_record(t, task, event, object, call);
}

struct ilv_step *waits(struct telling *t, uint16_t task, unsigned event, uint32_t object, int call)
{
    struct ilv_step *step = add_record(t, task, event, object, call);
    step->flags = ILV_BLOCKED;
    t->run->task[task].op = (struct ilv_op){.kind = (uint16_t)event, .object = object};
    return step;
}

void says(struct telling *t, const char *text)
{
    struct ilv_output *output = &t->run->output;
    for (; *text != '\0'; text++, output->size++) {
        if (output->size < ILV_OUTPUT_HALF)
            output->head[output->size] = *text;
        output->tail[output->size % ILV_OUTPUT_HALF] = *text;
    }
}

struct ilv_finding *found(struct telling *t, unsigned verdict, unsigned kind, uint16_t task)
{
    t->finding = &t->run->finding[t->run->finding_count++];
    *t->finding = (struct ilv_finding){.verdict = (uint16_t)verdict,
                                       .kind = (uint16_t)kind,
                                       .task = task,
                                       .step = t->run->step_count};
    return t->finding;
}

void part(struct telling *t, unsigned role, uint16_t task, uint32_t object, uint32_t step, int call)
{
    t->finding->part[t->finding->parts_used++] = (struct ilv_part){.task = task,
                                                                   .role = (uint16_t)role,
                                                                   .object = object,
                                                                   .step = step,
                                                                   .site = site_of(call)};
}

char *told_by(struct telling *t, enum ilv_reporter_id reporter)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    ILV_CHECK(out != NULL);
    ILV_CHECK_INT(ilv_reporter(reporter)->write(&t->report, out), 0);
    ILV_CHECK(out != NULL && fclose(out) == 0);
    return text;
}

static char *read_golden(const char *path)
{
    static char text[1 << 16];
    FILE *in = fopen(path, "re");
    size_t size = in != NULL ? fread(text, 1, sizeof text - 1, in) : 0;
    text[size] = '\0';
    if (in != NULL)
        fclose(in);
    return text;
}

void check_golden(struct telling *t, const char *name)
{
    char path[512];
    char *text = told_by(t, ILV_REPORTER_text);
    snprintf(path, sizeof path, "%s/tests/reporters/golden/%s.txt", ILV_SOURCES, name);
    if (getenv("ILV_GOLDEN_WRITE") != NULL) {
        FILE *out = fopen(path, "we");
        ILV_CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0);
    }
    ILV_CHECK_STR(text, read_golden(path));
    free(text);
}

void two_tellers(struct telling *t, uint32_t *a, uint32_t *b)
{
    *a = make_object(t, ILV_CLASS_MUTEX, &lock_a, sizeof lock_a);
    *b = make_object(t, ILV_CLASS_MUTEX, &lock_b, sizeof lock_b);
    uint16_t one = make_task(t, 0, MAIN_CREATE_ONE);
    does(t, 0, ILV_EV_TASK_CREATE, task_object(t, one), MAIN_CREATE_ONE);
    uint16_t two = make_task(t, 0, MAIN_CREATE_TWO);
    does(t, 0, ILV_EV_TASK_CREATE, task_object(t, two), MAIN_CREATE_TWO);
    does(t, one, ILV_EV_TASK_START, task_object(t, one), -1);
    does(t, one, ILV_EV_MUTEX_LOCK, *a, ONE_LOCK_A);
    does(t, two, ILV_EV_TASK_START, task_object(t, two), -1);
    does(t, two, ILV_EV_MUTEX_LOCK, *b, TWO_LOCK_B);
}

void abba(struct telling *t)
{
    uint32_t a;
    uint32_t b;
    two_tellers(t, &a, &b);
    waits(t, 1, ILV_EV_MUTEX_LOCK, b, ONE_LOCK_B);
    waits(t, 2, ILV_EV_MUTEX_LOCK, a, TWO_LOCK_A);
    found(t, ILV_VERDICT_DEADLOCK, ILV_KIND_CYCLE, 2);
    part(t, ILV_ROLE_HOLDS, 1, a, 4, ONE_LOCK_A);
    part(t, ILV_ROLE_WAITS, 1, b, 0, ONE_LOCK_B);
    part(t, ILV_ROLE_HOLDS, 2, b, 6, TWO_LOCK_B);
    part(t, ILV_ROLE_WAITS, 2, a, 0, TWO_LOCK_A);
}
