/* SPDX-License-Identifier: MIT */
/*
 * names.c: what tasks, objects, places, signals and errors are called in reports.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

#define MAX_STACK 64

/* Names come out of the program under test: what would steer a terminal becomes a mark. */
char *ilv__clean(char *text)
{
    for (char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    return text;
}

char *ilv__task_name(const struct ilv__tale *tale, unsigned task, char *out, size_t size)
{
    if (task < tale->task_count)
        return ilv_task_path(tale->run->task, task, out, size);
    snprintf(out, size, "T?");
    return out;
}

bool ilv__place(const struct ilv__tale *tale, uint32_t site, struct ilv_place *place)
{
    *place = (struct ilv_place){0};
    return site != 0 && site < tale->site_count &&
           ilv_symbols_site(tale->report->symbols, &tale->run->site[site], place);
}

/* The outermost function of a stack that the program wrote; NULL if the stack may go on. */
static const char *outermost(const struct ilv__tale *tale, uint32_t site)
{
    struct ilv_place place[MAX_STACK];
    const struct ilv_site *stack = &tale->run->site[site];
    uint32_t count = ilv_symbols_stack(tale->report->symbols, stack, place, MAX_STACK);
    if (stack->frame[ILV_SITE_DEPTH - 1] != 0 && count >= ILV_SITE_DEPTH)
        return NULL;
    for (uint32_t i = count; i-- > 0;)
        if (!place[i].system && place[i].function != NULL)
            return place[i].function;
    return NULL;
}

const char *ilv__task_function(const struct ilv__tale *tale, unsigned task)
{
    uint32_t last = 0;
    for (uint32_t i = 0; i < tale->trace_count; i++) {
        const struct ilv_step *step = ilv__record(tale, i);
        if (step->task != task || step->site == 0 || step->site >= tale->site_count ||
            step->site == last)
            continue;
        last = step->site;
        const char *name = outermost(tale, step->site);
        if (name != NULL)
            return name;
    }
    return NULL;
}

char *ilv__task_title(const struct ilv__tale *tale, unsigned task, char *out, size_t size)
{
    const char *function = ilv__task_function(tale, task);
    ilv__task_name(tale, task, out, size);
    size_t used = strlen(out);
    if (function != NULL)
        snprintf(out + used, size - used, " %s()", function);
    else if (task < tale->task_count && tale->run->task[task].name[0] != '\0')
        snprintf(out + used, size - used, " %.15s", tale->run->task[task].name);
    return ilv__clean(out);
}

const char *ilv__object_symbol(const struct ilv__tale *tale, uint32_t object)
{
    if (object == 0 || object >= tale->object_count)
        return NULL;
    const struct ilv_object_info *info = &tale->run->object[object];
    if (info->cls == ILV_CLASS_MEMORY && info->flags == ILV_LOCATION_STACK)
        return ilv__local(tale, info, 0, info->size);
    return ilv_symbols_data(tale->report->symbols, info->module, info->offset, info->size);
}

/* What the program itself calls it (ilv_name); NULL if it does not. */
static const char *given_name(const struct ilv__tale *tale, uint32_t object)
{
    if (object == 0 || object >= tale->object_count)
        return NULL;
    uint32_t name = tale->run->object[object].name;
    return name != 0 && name <= ILV_MAX_NAMES ? tale->run->name[name - 1] : NULL;
}

char *ilv__object_name(const struct ilv__tale *tale, uint32_t object, char *out, size_t size)
{
    int task = ilv__object_task(tale, object);
    if (task >= 0)
        return ilv__task_name(tale, (unsigned)task, out, size);
    const char *given = given_name(tale, object);
    const char *symbol = ilv__object_symbol(tale, object);
    if (given != NULL)
        snprintf(out, size, "%.*s", (int)ILV_NAME_SIZE - 1, given);
    else if (symbol != NULL)
        snprintf(out, size, "%s", symbol);
    else if (object != 0 && object < tale->object_count &&
             tale->run->object[object].creator < tale->task_count)
        ilv_object_name(tale->run->task, &tale->run->object[object], out, size);
    else
        snprintf(out, size, "?");
    return ilv__clean(out);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

char *ilv__place_name(const struct ilv__tale *tale, uint32_t site, char *out, size_t size)
{
    struct ilv_place place;
    out[0] = '\0';
    if (!ilv__place(tale, site, &place))
        return out;
    if (place.file != NULL)
        snprintf(out, size, "%s:%u", base_name(place.file), place.line);
    else if (place.function != NULL)
        snprintf(out, size, "%s()", place.function);
    else if (place.module != NULL)
        snprintf(out, size, "%s+0x%jx", place.module, (uintmax_t)place.offset);
    return ilv__clean(out);
}

char *ilv__signal_name(int number, char *out, size_t size)
{
    const char *name = number > 0 && number < NSIG ? sigabbrev_np(number) : NULL;
    if (name != NULL)
        snprintf(out, size, "SIG%s", name);
    else
        snprintf(out, size, "signal %d", number);
    return out;
}

char *ilv__error_name(int number, char *out, size_t size)
{
    const char *name = strerrorname_np(number);
    if (name != NULL)
        snprintf(out, size, "%s", name);
    else
        snprintf(out, size, "error %d", number);
    return out;
}
