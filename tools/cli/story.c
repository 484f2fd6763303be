/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "command.h"

static void step_line(const struct ilv_run *run, const struct ilv_step *step)
{
    char task[64], object[64] = "";
    ilv_task_path(run->task, step->task, task, sizeof task);
    if (step->object)
        ilv_object_name(run->task, &run->object[step->object], object, sizeof object);
    printf("  %-8s %s%s %s%s\n", task, step->flags & ILV_BLOCKED ? "waits: " : "",
           ilv_event_row(step->kind)->word, object, step->flags & ILV_EXPIRED ? " (expired)" : "");
}

void ilv__story_text(const struct ilv__story *story)
{
    const struct ilv_run *run = story->run;
    for (uint32_t i = 0; i < run->trace_count; i++)
        step_line(run, &run->trace[i]);
    if (story->finding && story->finding->text[0])
        printf("%s\n", story->finding->text);
    if (story->replay)
        printf("replay it: %s\n", story->replay);
}

const char *ilv__finding_words(unsigned verdict, unsigned kind, char *out, size_t size)
{
    const char *k = ilv_kind_word(kind);
    snprintf(out, size, *k ? "%s (%s)" : "%s%s", ilv_verdict_word(verdict), k);
    return out;
}

const char *ilv__replay_command(const char *path, char *out, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./+=:,@%";
    bool quote = path[strspn(path, plain)] != '\0' || *path == '-';
    size_t used = (size_t)snprintf(out, size, "interleave replay %s%s", *path == '-' ? "./" : "",
                                   quote ? "'" : "");
    for (; *path && used + 8 < size; path++)
        used += (size_t)snprintf(out + used, size - used, *path == '\'' && quote ? "'\\''" : "%c",
                                 *path);
    if (quote)
        snprintf(out + used, size - used, "'");
    return out;
}
