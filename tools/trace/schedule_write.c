/* SPDX-License-Identifier: MIT */
/*
 * Writes schedules so that reading gives the same back, and so that editors and mail leave them
 * as they are: bytes that are not UTF-8, control characters, and spaces at either end are
 * escaped. Explorer's side only.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "internal.h"

static void put_byte(unsigned char byte, FILE *out)
{
    const char *word = byte == '\n' ? "\\n" : byte == '\t' ? "\\t" : byte == '\\' ? "\\\\" : NULL;
    if (word) {
        (void)fputs(word, out);
    } else {
        (void)fprintf(out, "\\x%02x", byte);
    }
}

static void put_escaped(const char *text, FILE *out)
{
    if (!*text) {
        (void)fputs("\"\"", out);
        return;
    }
    const char *begin = text;
    struct ilv__span rest = {text, strlen(text)};
    bool quotes = ilv__span_is(rest, "\"\"");
    while (rest.size) {
        size_t length = ilv__plain(rest);
        bool edge = rest.at == begin || rest.size == 1;
        bool changed = *rest.at == '\\' || (*rest.at == ' ' && edge) || quotes;
        if (length == 0 || changed) {
            put_byte((unsigned char)*rest.at, out);
            length = 1;
        } else {
            (void)fwrite(rest.at, 1, length, out);
        }
        rest = (struct ilv__span){rest.at + length, rest.size - length};
    }
}

static void put_text(const char *key, const char *text, FILE *out)
{
    if (text) {
        (void)fprintf(out, "%s ", key);
        put_escaped(text, out);
        (void)fputc('\n', out);
    }
}

static void put_texts(const char *key, char *const *texts, uint32_t count, FILE *out)
{
    for (uint32_t i = 0; i < count; i++) {
        put_text(key, texts[i], out);
    }
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

static void put_header(const struct ilv_schedule *s, FILE *out)
{
    (void)fprintf(out, "interleave-schedule %u\n", ILV_SCHEDULE_VERSION);
    put_text("program", s->program, out);
    put_texts("arg*", s->args, s->arg_count, out);
    put_text("directory", s->directory, out);
    put_text("source", s->source, out);
    put_text("stdin", s->stdin_name, out);
    put_text("stdin-hash", or_null(s->stdin_hash), out);
    put_texts("option*", s->options, s->option_count, out);
    put_texts("environment*", s->environment, s->environment_count, out);
    put_text("environment-hash", or_null(s->environment_hash), out);
    for (uint32_t i = 0; i < s->build_count; i++) {
        (void)fprintf(out, "build* %s ", s->builds[i].id);
        put_escaped(s->builds[i].name, out);
        (void)fputc('\n', out);
    }
}

static void put_finding(const struct ilv_schedule *s, FILE *out)
{
    if (s->verdict != ILV_VERDICT_NONE) {
        const char *kind = ilv_kind_word(s->kind);
        (void)fprintf(out, "finding %s%s%s\n", ilv_verdict_word(s->verdict), *kind ? " " : "",
                      kind);
    }
    put_text("text", s->finding_text, out);
    (void)fprintf(out, "seed %" PRIu64 "\nrun %" PRIu32 "\n", s->seed, s->run);
    put_text("strategy", or_null(s->strategy), out);
    (void)fprintf(out, "trace %016" PRIx64 " %" PRIu32 "\n", s->trace_hash, s->steps);
}

static void put_places(const char *key, const struct ilv_location *places, uint32_t count,
                       FILE *out)
{
    char text[ILV_LOCATION_TEXT];
    for (uint32_t i = 0; i < count; i++) {
        (void)fprintf(out, "%s %s\n", key, ilv_location_text(&places[i], text, sizeof text));
    }
}

static void put_choice(const struct ilv_schedule *s, const struct ilv_choice *choice, FILE *out)
{
    (void)fprintf(out, "%s %s", s->task_paths[choice->task], ilv_how_word(choice->how));
    if (choice->how == ILV_HOW_SIGNAL) {
        (void)fprintf(out, ":%u", choice->signal);
    }
    (void)fprintf(out, " %s@%" PRIu32, ilv_event_row(choice->kind)->word, choice->nth);
    if (choice->count != 1) {
        (void)fprintf(out, " *%" PRIu32, choice->count);
    }
    (void)fputc('\n', out);
}

static bool choice_is_valid(const struct ilv_schedule *s, const struct ilv_choice *choice)
{
    bool signal = choice->how == ILV_HOW_SIGNAL;
    return choice->task < s->task_count && choice->how < ILV_HOW_COUNT &&
           choice->kind < ILV_EV_COUNT && choice->count != 0 &&
           (signal ? choice->signal >= 1 && choice->signal <= 64 : choice->signal == 0);
}

static bool schedule_is_valid(const struct ilv_schedule *s)
{
    for (uint32_t i = 0; i < s->choice_count; i++) {
        if (!choice_is_valid(s, &s->choices[i])) {
            return false;
        }
    }
    return (s->program || s->source) && s->verdict < ILV_VERDICT_COUNT &&
           s->kind < ILV_KIND_COUNT && s->task_count <= ILV_SCHEDULE_TASKS &&
           s->choice_count <= ILV_SCHEDULE_CHOICES;
}

int ilv_schedule_write(const struct ilv_schedule *s, FILE *out)
{
    if (!schedule_is_valid(s)) {
        return -EINVAL;
    }
    errno = 0;
    put_header(s, out);
    put_finding(s, out);
    put_places("point*", s->points, s->point_count, out);
    put_places("watch*", s->watches, s->watch_count, out);
    (void)fputs("choices\n", out);
    for (uint32_t i = 0; i < s->choice_count; i++) {
        put_choice(s, &s->choices[i], out);
    }
    (void)fputs("end\n", out);
    if (fflush(out) != 0 || ferror(out)) {
        return errno ? -errno : -EIO;
    }
    return 0;
}

/* Opens a new file with a name that nobody has. Returns the descriptor or -errno. */
static int open_temporary(const char *directory, const char *stem, char *name, size_t size)
{
    for (unsigned i = 0; i < 1000; i++) {
        int used = snprintf(name, size, "%s/.%s-%ld-%u.tmp", directory, stem, (long)getpid(), i);
        if (used < 0 || (size_t)used >= size) {
            return -ENAMETOOLONG;
        }
        int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0 || errno != EEXIST) {
            return fd >= 0 ? fd : -errno;
        }
    }
    return -EEXIST;
}

/* Writes, and makes sure that it reached the disk. Closes fd. Returns 0 or -errno. */
static int write_to(int fd, const struct ilv_schedule *s)
{
    FILE *out = fdopen(fd, "w");
    if (!out) {
        int error = -errno;
        (void)close(fd);
        return error;
    }
    int error = ilv_schedule_write(s, out);
    if (error == 0 && fsync(fd) != 0 && errno != EINVAL) {
        error = -errno;
    }
    if (fclose(out) != 0 && error == 0) {
        error = -errno;
    }
    return error;
}

/* Gives the file its lasting name, the first that is free. Returns 0 or -errno. */
static int link_as_next(const char *temporary, const char *directory, const char *stem, char *path,
                        size_t size)
{
    for (unsigned n = 1; n < 1000000; n++) {
        int used = snprintf(path, size, "%s/%s-%u.sched", directory, stem, n);
        if (used < 0 || (size_t)used >= size) {
            return -ENAMETOOLONG;
        }
        if (link(temporary, path) == 0) {
            return 0;
        }
        if (errno != EEXIST) {
            return -errno;
        }
    }
    return -EEXIST;
}

int ilv_schedule_save(const struct ilv_schedule *s, const char *directory, const char *stem,
                      char *path, size_t size)
{
    char temporary[4096];
    if (!*stem || strchr(stem, '/') || *directory == '\0') {
        return -EINVAL;
    }
    int fd = open_temporary(directory, stem, temporary, sizeof temporary);
    if (fd < 0) {
        return fd;
    }
    int error = write_to(fd, s);
    if (error == 0) {
        error = link_as_next(temporary, directory, stem, path, size);
    }
    (void)unlink(temporary);
    return error;
}
