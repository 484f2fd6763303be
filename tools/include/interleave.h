/* SPDX-License-Identifier: MIT */
/*
 * interleave.h: what a program may say about itself to the sandbox. Nothing to link: outside the
 * sandbox each call is one test of a null pointer.
 *
 *     #include <interleave.h>
 *
 *     int main(void)
 *     {
 *         load_a_large_file();                  runs once, however many runs there are
 *         ilv_start();                          every run begins here
 *         start_threads();
 *         ilv_check(stock + sold == delivered); a finding when it does not hold
 *     }
 *
 * The functions are weak symbols that libinterleave.so defines when it is preloaded. Programs
 * that are not position independent (-no-pie) need `-Wl,-z,dynamic-undefined-weak` with gcc.
 */
#ifndef INTERLEAVE_H
#define INTERLEAVE_H

#ifdef __cplusplus
extern "C" {
#endif

#define ILV_WEAK __attribute__((weak))

/* Called through the macros and functions below; NULL outside the sandbox. */
ILV_WEAK void ilv_program_start(void);
ILV_WEAK void ilv_program_point(void);
ILV_WEAK void ilv_program_check(const char *condition, const char *file, int line);
ILV_WEAK void ilv_program_name(const void *object, const char *name);

/*
 * Every run begins at the first call of this, threads that exist included. With `interleave
 * hunt --start-at ilv_start`; otherwise runs begin at the entry of main and this does nothing.
 * Bounded.
 */
static inline void ilv_start(void)
{
    if (ilv_program_start)
        ilv_program_start();
}

/* A point: another task may go on here. May block inside the sandbox. */
static inline void ilv_point(void)
{
    if (ilv_program_point)
        ilv_program_point();
}

/* Names an object (a lock, a condition, ...) for stories. The text is copied, 31 bytes at most.
 * Never blocks. */
static inline void ilv_name(const void *object, const char *name)
{
    if (ilv_program_name)
        ilv_program_name(object, name);
}

/*
 * The condition must hold: else the run ends with the finding `invariant`. Outside the sandbox
 * it is not evaluated, so it must have no side effect. Never blocks.
 */
#define ilv_check(condition)                           \
    ((ilv_program_check == 0 || (condition)) ? (void)0 \
                                             : ilv_program_check(#condition, __FILE__, __LINE__))

#ifdef __cplusplus
}
#endif

#endif
