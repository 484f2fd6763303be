/* SPDX-License-Identifier: MIT */
/* What a program says of itself, as real programs say it. */
#include <stdint.h>
#include <stdio.h>

#include "recorder.h"

#ifdef __cplusplus
extern "C" {
#endif
void __tsan_acquire(void *at);
void __tsan_release(void *at);
void __tsan_mutex_create(void *at, unsigned flags);
void __tsan_mutex_pre_lock(void *at, unsigned flags);
void __tsan_mutex_post_lock(void *at, unsigned flags, int depth);
int __tsan_mutex_pre_unlock(void *at, unsigned flags);
void __tsan_mutex_post_unlock(void *at, unsigned flags);
void __tsan_mutex_destroy(void *at, unsigned flags);
void *__tsan_get_current_fiber(void);
void *__tsan_create_fiber(unsigned flags);
void __tsan_switch_to_fiber(void *fiber, unsigned flags);
void __tsan_destroy_fiber(void *fiber);
void AnnotateHappensBefore(const char *file, int line, uintptr_t at);
void AnnotateHappensAfter(const char *file, int line, uintptr_t at);
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateBenignRaceSized(const char *file, int line, uintptr_t at, uintptr_t size,
                             const char *why);
void AnnotateRWLockAcquired(const char *file, int line, uintptr_t at, uintptr_t writing);
void AnnotateFlushState(const char *file, int line);
int RunningOnValgrind(void);
double ValgrindSlowdown(void);
const char *__tsan_default_options(void);
const char *__tsan_default_suppressions(void);
#ifdef __cplusplus
}
#endif

const char *__tsan_default_options(void)
{
    return "report_bugs=1";
}

const char *__tsan_default_suppressions(void)
{
    return "race:nobody";
}

#ifdef OWN_DEFINITIONS
/* Programs bring these for builds without a checker. */
void AnnotateHappensBefore(const char *file, int line, uintptr_t at)
{
    (void)file, (void)line, (void)at;
}
#endif

char lock, word;

PROBE void ordered(void)
{
    __tsan_release(&word);
    __tsan_acquire(&word);
}
PROBE void locked(void)
{
    __tsan_mutex_create(&lock, 0);
    __tsan_mutex_pre_lock(&lock, 0x10);
    __tsan_mutex_post_lock(&lock, 0x10, 2);
    int depth = __tsan_mutex_pre_unlock(&lock, 0);
    __tsan_mutex_post_unlock(&lock, 0);
    __tsan_mutex_destroy(&lock, 0);
    printf("depth %x\n", (unsigned)depth);
}
PROBE void fibers(void)
{
    void *own = __tsan_get_current_fiber(), *fiber = __tsan_create_fiber(0);
    __tsan_switch_to_fiber(fiber, 1);
    __tsan_switch_to_fiber(own, 0);
    __tsan_destroy_fiber(fiber);
}
PROBE void annotated(void)
{
    AnnotateHappensBefore(__FILE__, __LINE__, (uintptr_t)&word);
    AnnotateHappensAfter(__FILE__, __LINE__, (uintptr_t)&word);
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    AnnotateBenignRaceSized(__FILE__, __LINE__, (uintptr_t)&word, 1, "meant");
    AnnotateRWLockAcquired(__FILE__, __LINE__, (uintptr_t)&lock, 1);
    AnnotateFlushState(__FILE__, __LINE__);
    printf("%d %g\n", RunningOnValgrind(), ValgrindSlowdown());
}

static const struct recorder_step steps[] = {
    {"ordered", ordered},
    {"locked", locked},
    {"fibers", fibers},
    {"annotated", annotated},
};

int main(void)
{
    if (recorder_watch) {
        WATCH(lock);
        WATCH(word);
    }
    recorder_steps(steps, sizeof steps / sizeof *steps);
    return 3;
}
