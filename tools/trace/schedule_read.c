/* SPDX-License-Identifier: MIT */
/*
 * Reads schedules. Nothing in the file is trusted: every count and size is bounded, every line
 * is checked whole, and the first thing that is wrong ends the reading with one line.
 *
 * The file is taken line by line through three stages: the header (schedule_header.c), the
 * choices, one record a line, and nothing but comments after the line `end`.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "internal.h"

#define FILE_MOST (UINT64_C(64) << 20)
#define TASK_PATH_MOST 4096u

/* The name may hold anything; the message stays one line. */
static void keep_one_line(char *text, size_t size)
{
    for (size_t i = 0; i < size && text[i]; i++) {
        if (iscntrl((unsigned char)text[i])) {
            text[i] = '?';
        }
    }
}

int ilv__fail(struct ilv__reader *r, const char *format, ...)
{
    int used = snprintf(r->error, r->error_size, "%s:%u: ", r->name, r->line);
    size_t at = used > 0 && (size_t)used < r->error_size ? (size_t)used : r->error_size;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(r->error_size ? r->error + at : NULL, r->error_size - at, format, arguments);
    va_end(arguments);
    keep_one_line(r->error, r->error_size);
    return -EINVAL;
}

/* What a message quotes: at most so many bytes of a word. */
#define QUOTE_MOST 40
int ilv__quoted(struct ilv__span span)
{
    return span.size < QUOTE_MOST ? (int)span.size : QUOTE_MOST;
}

/* The number of the task with this path in the schedule's table, where it is added if it is
 * new; negative after an error. */
static int64_t find_task(struct ilv__reader *r, struct ilv__span word)
{
    if (r->paths.count && ilv__span_is(word, r->paths.at[r->latest])) {
        return r->latest;
    }
    char path[TASK_PATH_MOST];
    uint64_t id = 0;
    if (!ilv__span_copy(word, path, sizeof path) || ilv_task_id_of_path(path, &id) != 0) {
        return ilv__fail(r, "\"%.*s\" is not a task such as T0.1; correct it", ilv__quoted(word),
                         word.at);
    }
    for (size_t i = 0; i < r->ids.count; i++) {
        if (r->ids.at[i] == id && strcmp(r->paths.at[i], path) == 0) {
            return (int64_t)i;
        }
    }
    if (r->ids.count >= ILV_SCHEDULE_TASKS) {
        return ilv__fail(r, "more than %u tasks; this is not a schedule of ours",
                         ILV_SCHEDULE_TASKS);
    }
    ilv_vec_push(&r->ids, id);
    ilv_vec_push(&r->paths, ilv_copy_text(path));
    return (int64_t)r->ids.count - 1;
}

/* Reads `how` or `signal:NUMBER`. */
static int read_how(struct ilv__reader *r, struct ilv__span word, struct ilv_choice *choice)
{
    char how[16] = "";
    struct ilv__span number = word;
    struct ilv__span first = ilv__take_before(&number, ':');
    int found = ilv__span_copy(first, how, sizeof how) ? ilv_how_find(how) : -1;
    bool numbered = first.size < word.size;
    uint64_t signal = 0;
    bool right = found == ILV_HOW_SIGNAL ? ilv__read_number(number, 64, &signal) && signal != 0
                                         : found >= 0 && !numbered;
    if (!right) {
        return ilv__fail(r,
                         "\"%.*s\" is not run, expire, signal:1 to signal:64, wake or spurious; "
                         "correct it",
                         ilv__quoted(word), word.at);
    }
    choice->how = (uint16_t)found;
    choice->signal = (uint16_t)signal;
    return 0;
}

/* Reads `operation@steps`. */
static int read_operation(struct ilv__reader *r, struct ilv__span word, struct ilv_choice *choice)
{
    char event[40] = "";
    struct ilv__span steps = word;
    struct ilv__span first = ilv__take_before(&steps, '@');
    int found = ilv__span_copy(first, event, sizeof event) ? ilv_event_find(event) : -1;
    uint64_t nth = 0;
    if (found < 0) {
        return ilv__fail(r,
                         "\"%.*s\" is not an operation; correct it, or replay with the interleave "
                         "that wrote it",
                         ilv__quoted(first), first.at);
    }
    if (!ilv__read_number(steps, UINT32_MAX, &nth)) {
        return ilv__fail(r, "\"%.*s\" does not end in @ and a number of steps; correct it",
                         ilv__quoted(word), word.at);
    }
    choice->kind = (uint16_t)found;
    choice->nth = (uint32_t)nth;
    return 0;
}

/* Reads `*count`, or nothing for 1. */
static int read_count(struct ilv__reader *r, struct ilv__span word, struct ilv_choice *choice)
{
    uint64_t count = 1;
    if (word.size) {
        struct ilv__span number = {word.at + 1, word.size - 1};
        if (word.at[0] != '*' || !ilv__read_number(number, UINT32_MAX, &count) || count == 0) {
            return ilv__fail(r, "\"%.*s\" is not * and a count from 1; correct it",
                             ilv__quoted(word), word.at);
        }
    }
    choice->count = (uint32_t)count;
    return 0;
}

static int read_choice(struct ilv__reader *r, struct ilv__span line)
{
    if (ilv__span_is(line, "end")) {
        r->stage = ILV__ENDED;
        return 0;
    }
    if (r->choices.count >= ILV_SCHEDULE_CHOICES) {
        return ilv__fail(r, "more than %u choices; this is not a schedule of ours",
                         ILV_SCHEDULE_CHOICES);
    }
    struct ilv_choice choice = {0};
    int64_t task = find_task(r, ilv__take_word(&line));
    if (task < 0) {
        return -EINVAL;
    }
    r->latest = (uint32_t)task;
    choice.task = (uint16_t)task;
    if (read_how(r, ilv__take_word(&line), &choice) != 0 ||
        read_operation(r, ilv__take_word(&line), &choice) != 0 ||
        read_count(r, line, &choice) != 0) {
        return -EINVAL;
    }
    ilv_vec_push(&r->choices, choice);
    return 0;
}

static int read_after_end(struct ilv__reader *r, struct ilv__span line)
{
    return ilv__fail(r, "\"%.*s\" stands after \"end\"; remove it", ilv__quoted(line), line.at);
}

static int check_bytes(struct ilv__reader *r, struct ilv__span line)
{
    while (line.size) {
        size_t length = ilv__plain(line);
        unsigned byte = (unsigned char)line.at[0];
        if (length == 0) {
            return ilv__fail(r,
                             "byte 0x%02x is %s; write it as \\x%02x, or save the file as it was",
                             byte, byte < 0x80 ? "a control character" : "not UTF-8", byte);
        }
        line = (struct ilv__span){line.at + length, line.size - length};
    }
    return 0;
}

static int read_first_line(struct ilv__reader *r, struct ilv__span line)
{
    struct ilv__span word = ilv__take_word(&line);
    uint64_t version = 0;
    if (!ilv__span_is(word, "interleave-schedule") ||
        !ilv__read_number(line, UINT32_MAX, &version)) {
        return ilv__fail(
            r,
            "this is not a schedule: the first line is not \"interleave-schedule %u\"; "
            "name a file that hunt wrote",
            ILV_SCHEDULE_VERSION);
    }
    if (version == 0 || version > ILV_SCHEDULE_VERSION) {
        (void)ilv__fail(r,
                        "a schedule of version %llu, this interleave reads versions 1 to %u; "
                        "replay it with the interleave that wrote it, or hunt again",
                        (unsigned long long)version, ILV_SCHEDULE_VERSION);
        return -EPROTO;
    }
    r->version = (uint32_t)version;
    return 0;
}

static int read_line(struct ilv__reader *r, struct ilv__span line)
{
    static int (*const readers[])(struct ilv__reader *, struct ilv__span) = {
        [ILV__HEADER] = ilv__read_header,
        [ILV__CHOICES] = read_choice,
        [ILV__ENDED] = read_after_end,
    };
    if (r->line == 1) {
        return read_first_line(r, line);
    }
    if (line.size == 0 || line.at[0] == '#') {
        return 0;
    }
    int error = check_bytes(r, line);
    return error ? error : readers[r->stage](r, line);
}

static int read_lines(struct ilv__reader *r, const char *text, size_t length)
{
    const char *end = text + length;
    do {
        const char *newline = text < end ? memchr(text, '\n', (size_t)(end - text)) : NULL;
        const char *stop = newline ? newline : end;
        r->line++;
        int error = read_line(r, (struct ilv__span){text, (size_t)(stop - text)});
        if (error) {
            return error;
        }
        text = newline ? newline + 1 : end;
    } while (text < end);
    if (r->stage != ILV__ENDED) {
        return ilv__fail(r, "the file ends before the line \"end\"; it was cut off, get it again");
    }
    return 0;
}

static char **hand_over(ilv__texts *list, uint32_t *count)
{
    *count = (uint32_t)list->count;
    ilv_vec_push(list, NULL);
    return list->at;
}

/* Moves the lists into the schedule, which then owns them. */
static void finish(struct ilv__reader *r)
{
    struct ilv_schedule *s = r->schedule;
    s->args = hand_over(&r->args, &s->arg_count);
    s->options = hand_over(&r->options, &s->option_count);
    s->environment = hand_over(&r->environment, &s->environment_count);
    s->task_paths = hand_over(&r->paths, &s->task_count);
    s->builds = r->builds.at;
    s->build_count = (uint32_t)r->builds.count;
    s->points = r->points.at;
    s->point_count = (uint32_t)r->points.count;
    s->watches = r->watches.at;
    s->watch_count = (uint32_t)r->watches.count;
    s->task_ids = r->ids.at;
    s->choices = r->choices.at;
    s->choice_count = (uint32_t)r->choices.count;
}

int ilv_schedule_parse(const char *name, const char *text, size_t length, struct ilv_schedule *s,
                       char *error, size_t size)
{
    *s = (struct ilv_schedule){0};
    struct ilv__reader r = {.name = name, .schedule = s, .error = error, .error_size = size};
    int status = read_lines(&r, text, length);
    finish(&r);
    if (status != 0) {
        ilv_schedule_free(s);
    }
    return status;
}

typedef ILV_VEC(char) bytes;

/* Reads all of the file, but no more than one byte above the limit. Returns 0 or -errno. */
static int read_all(int fd, bytes *out)
{
    while (out->count <= FILE_MOST) {
        ilv_vec_reserve(out, 65536);
        ssize_t got = read(fd, out->at + out->count, 65536);
        if (got == 0) {
            return 0;
        }
        if (got < 0 && errno != EINTR) {
            return -errno;
        }
        out->count += got > 0 ? (size_t)got : 0;
    }
    return -EFBIG;
}

static int cannot_read(const char *path, int error, char *text, size_t size)
{
    (void)snprintf(text, size, "%s: cannot be read: %s; name a schedule that hunt wrote", path,
                   strerror(-error));
    keep_one_line(text, size);
    return error;
}

int ilv_schedule_read(const char *path, struct ilv_schedule *s, char *error, size_t size)
{
    bytes text = {0};
    *s = (struct ilv_schedule){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int status = fd < 0 ? -errno : read_all(fd, &text);
    if (fd >= 0) {
        (void)close(fd);
    }
    status = status ? cannot_read(path, status, error, size)
                    : ilv_schedule_parse(path, text.at ? text.at : "", text.count, s, error, size);
    ilv_vec_free(&text);
    return status;
}

static void free_texts(char **texts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        free(texts[i]);
    }
    free((void *)texts);
}

void ilv_schedule_free(struct ilv_schedule *s)
{
    free(s->program);
    free(s->directory);
    free(s->source);
    free(s->stdin_name);
    free(s->finding_text);
    free_texts(s->args, s->arg_count);
    free_texts(s->options, s->option_count);
    free_texts(s->environment, s->environment_count);
    free_texts(s->task_paths, s->task_count);
    free(s->builds);
    free(s->points);
    free(s->watches);
    free(s->task_ids);
    free(s->choices);
    *s = (struct ilv_schedule){0};
}
