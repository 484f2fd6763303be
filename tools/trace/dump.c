/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    unsigned flag;
    const char *word;
} flag_words[] = {
    {ILV_TIMED, "timed"},           {ILV_BLOCKED, "blocked"},   {ILV_EXPIRED, "expired"},
    {ILV_EARLY, "early"},           {ILV_SPURIOUS, "spurious"}, {ILV_CHOICE, "choice"},
    {ILV_PREEMPT, "preempt"},       {ILV_HANDLER, "handler"},   {ILV_OWNER_DIED, "owner-died"},
    {ILV_RECURSIVE, "recursive"},   {ILV_SHARED, "shared"},     {ILV_INTERRUPTED, "interrupted"},
    {ILV_ERRORCHECK, "errorcheck"}, {ILV_ROBUST, "robust"},     {ILV_WITHIN, "within"},
};

static const struct {
    int number;
    const char *name;
} error_names[] = {
#define ERROR(name) \
    {               \
        name, #name \
    }
    ERROR(EAGAIN),  ERROR(EBADF),     ERROR(EBUSY),      ERROR(ECANCELED),   ERROR(ECHILD),
    ERROR(EDEADLK), ERROR(EEXIST),    ERROR(EFAULT),     ERROR(EINPROGRESS), ERROR(EINTR),
    ERROR(EINVAL),  ERROR(EMFILE),    ERROR(ENOENT),     ERROR(ENOMEM),      ERROR(ENOTRECOVERABLE),
    ERROR(ENOSYS),  ERROR(EOVERFLOW), ERROR(EOWNERDEAD), ERROR(EPERM),       ERROR(EPIPE),
    ERROR(ESRCH),   ERROR(ETIMEDOUT), ERROR(ENOTSUP),
#undef ERROR
};

const char *ilv_error_name(int error)
{
    for (size_t i = 0; i < COUNT_OF(error_names); i++) {
        if (error_names[i].number == error) {
            return error_names[i].name;
        }
    }
    return NULL;
}

char *ilv_flags_words(unsigned flags, char *out, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < COUNT_OF(flag_words); i++) {
        const char *word = flag_words[i].word;
        if (flags & flag_words[i].flag && used + strlen(word) + 2 <= size) {
            if (used) {
                out[used++] = ',';
            }
            memcpy(out + used, word, strlen(word));
            used += strlen(word);
        }
    }
    if (size) {
        out[used] = '\0';
    }
    return out;
}

static const char *task_name(const struct ilv_trace_tables *tables, unsigned task, char *out,
                             size_t size)
{
    return task < tables->task_count ? ilv_task_path(tables->tasks, task, out, size) : "?";
}

static const char *object_name(const struct ilv_trace_tables *tables, uint32_t index, char *out,
                               size_t size)
{
    if (index >= tables->object_count) {
        return "?";
    }
    const struct ilv_object_info *object = &tables->objects[index];
    bool is_task = object->cls == ILV_CLASS_TASK;
    if ((is_task ? object->address : object->creator) >= tables->task_count) {
        return "?";
    }
    return ilv_object_name(tables->tasks, object, out, size);
}

static void put_objects(FILE *out, const struct ilv_trace_tables *tables,
                        const struct ilv_step *step)
{
    char name[ILV_PATH_MAX];
    if (step->object) {
        (void)fprintf(out, " %s", object_name(tables, step->object, name, sizeof name));
    }
    if (step->object2) {
        (void)fprintf(out, " %s", object_name(tables, step->object2, name, sizeof name));
    }
}

static void put_result(FILE *out, const struct ilv_step *step)
{
    const char *name = ilv_error_name(step->result);
    if (name) {
        (void)fprintf(out, "  =%s", name);
    } else if (step->result) {
        (void)fprintf(out, "  =%d", step->result);
    }
}

static void put_step(FILE *out, const struct ilv_trace_tables *tables, const struct ilv_step *step,
                     uint32_t number)
{
    char path[ILV_PATH_MAX];
    char flags[160];
    if (step->flags & ILV_NO_STEP) {
        (void)fputs("     -", out);
    } else {
        (void)fprintf(out, "%6u", number);
    }
    const char *task = task_name(tables, step->task, path, sizeof path);
    bool more = step->object || step->object2 || step->result || step->flags;
    (void)fprintf(out, "  %-5s %-*s", task, more ? 14 : 0, ilv_event_row(step->kind)->word);
    put_objects(out, tables, step);
    put_result(out, step);
    ilv_flags_words(step->flags, flags, sizeof flags);
    (void)fprintf(out, "%s%s\n", *flags ? "  " : "", flags);
}

int ilv_trace_dump(FILE *out, const struct ilv_trace_tables *tables)
{
    uint32_t number = 0;
    errno = 0;
    for (uint32_t i = 0; i < tables->step_count; i++) {
        number += !(tables->steps[i].flags & ILV_NO_STEP);
        put_step(out, tables, &tables->steps[i], number);
    }
    if (fflush(out) != 0 || ferror(out)) {
        return errno ? -errno : -EIO;
    }
    return 0;
}
