/* SPDX-License-Identifier: MIT */
/*
 * recorder.h: what programs of the tests tell the recorder, a library that stands in for the
 * runtime when it is preloaded. Without it these are NULL.
 *
 * Between two marks it writes down every access to what it was told to watch, with names in
 * place of addresses, into the file that the variable RECORD names.
 */
#ifndef RECORDER_H
#define RECORDER_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

void recorder_watch(const char *name, const volatile void *address, size_t size)
    __attribute__((weak));

/* Announcements from outside this code are marked as stray. */
void recorder_code(const void *begin, const void *end) __attribute__((weak));

/* Begins a part of the record; NULL ends it. In one whose name begins with "function", entries and
 * exits of functions are written down as well. */
void recorder_mark(const char *name) __attribute__((weak));

#ifdef __cplusplus
}
#endif

#define WATCH(object) recorder_watch(#object, (const void *)&(object), sizeof(object))

/* Functions whose accesses are recorded. */
#define PROBE __attribute__((noinline, section("probe")))
extern const char __start_probe[], __stop_probe[];

/* Calls each function of a table under its own name. */
struct recorder_step {
    const char *name;
    void (*run)(void);
};
static inline void recorder_steps(const struct recorder_step *steps, size_t count)
{
    if (recorder_code)
        recorder_code(__start_probe, __stop_probe);
    for (size_t i = 0; i < count; i++) {
        if (recorder_mark)
            recorder_mark(steps[i].name);
        steps[i].run();
        if (recorder_mark)
            recorder_mark(NULL);
    }
}

#endif
