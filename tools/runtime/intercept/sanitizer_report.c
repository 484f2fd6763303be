/* SPDX-License-Identifier: MIT */
/*
 * sanitizer_report.c: what a sanitizer says becomes a finding of the run in which it says it.
 *
 * Both have functions for debuggers that give a report's data: accesses with addresses, sizes and
 * stacks, locations, threads. They are called when the report is there: ThreadSanitizer's when
 * it begins to write it, AddressSanitizer's when it ends the process. Names and lines are looked
 * up by us, so the sanitizer itself is told not to.
 *
 * The first part of the finding is the earlier access, the last one what was done now.
 */
#include <string.h>

#include "intercept/sanitizer.h"
#include "objects/places.h"

#define TSAN "ThreadSanitizer: "
#define TRACE_MAX 64
#define TEXT_MAX 160

/* ---- the functions that tell -------------------------------------------------------------- */

static struct {
    void *(*current)(void);
    int (*data)(void *report, const char **description, int *count, int *stacks, int *accesses,
                int *locations, int *mutexes, int *threads, int *unique_tids, void **sleep,
                unsigned long trace_size);
    int (*stack)(void *report, unsigned long index, void **trace, unsigned long trace_size);
    int (*access)(void *report, unsigned long index, int *tid, void **address, int *size,
                  int *write, int *atomic, void **trace, unsigned long trace_size);
    int (*location)(void *report, unsigned long index, const char **type, void **address,
                    unsigned long *start, unsigned long *size, int *tid, int *fd, int *suppressable,
                    void **trace, unsigned long trace_size);
    int (*mutex)(void *report, unsigned long index, unsigned long *id, void **address,
                 int *destroyed, void **trace, unsigned long trace_size);
    int (*thread)(void *report, unsigned long index, int *tid, unsigned long long *kernel_tid,
                  int *running, const char **name, int *parent, void **trace,
                  unsigned long trace_size);
} tsan;

static struct {
    int (*present)(void);
    const char *(*description)(void);
    void *(*pc)(void);
    void *(*address)(void);
    int (*is_write)(void);
    unsigned long (*size)(void);
    unsigned long (*allocated)(void *address, void **trace, unsigned long size, int *tid);
    unsigned long (*freed)(void *address, void **trace, unsigned long size, int *tid);
} asan;

void ilv__sanitizer_report_symbol(const char *name, uint64_t address)
{
    static const struct {
        const char *name;
        void *place;
    } wanted[] = {
        {"__tsan_get_current_report", &tsan.current},
        {"__tsan_get_report_data", &tsan.data},
        {"__tsan_get_report_stack", &tsan.stack},
        {"__tsan_get_report_mop", &tsan.access},
        {"__tsan_get_report_loc", &tsan.location},
        {"__tsan_get_report_mutex", &tsan.mutex},
        {"__tsan_get_report_thread", &tsan.thread},
        {"__asan_report_present", &asan.present},
        {"__asan_get_report_description", &asan.description},
        {"__asan_get_report_pc", &asan.pc},
        {"__asan_get_report_address", &asan.address},
        {"__asan_get_report_access_type", &asan.is_write},
        {"__asan_get_report_access_size", &asan.size},
        {"__asan_get_alloc_stack", &asan.allocated},
        {"__asan_get_free_stack", &asan.freed},
    };
    if (strncmp(name, "__tsan_get", 10) != 0 && strncmp(name, "__asan_", 7) != 0)
        return;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strcmp(name, wanted[i].name) == 0)
            memcpy(wanted[i].place, &address, sizeof address);
}

/* ---- findings ----------------------------------------------------------------------------- */

static struct ilv_finding finding; /* being put together; too large for a stack that is not ours */

static void begin(const char *who, const char *what, size_t size)
{
    size_t n = strlen(who);
    size_t room = sizeof finding.text - 1 - n;
    memset(&finding, 0, sizeof finding);
    finding.verdict = ILV_VERDICT_SANITIZER;
    finding.task = ilv__world.current->index;
    finding.step = ilv__world.step;
    memcpy(finding.text, who, n);
    memcpy(finding.text + n, what, size < room ? size : room);
}

static void add(unsigned role, unsigned task, uint32_t object, uint32_t site)
{
    if (finding.parts_used == ILV_FINDING_PARTS)
        return;
    finding.part[finding.parts_used++] = (struct ilv_part){
        .role = (uint16_t)role, .task = (uint16_t)task, .object = object, .site = site};
}

static uint32_t memory_object(const void *address, size_t size)
{
    if (ilv__blocks_kept())
        return ilv__place_object((uint64_t)(uintptr_t)address);
    uint32_t object = ilv__object_find(ILV_CLASS_MEMORY, address);
    if (object == 0)
        object = ilv__object_make(ILV_CLASS_MEMORY, address, size);
    ilv__object_info(object)->site = 0;
    return object;
}

/* ---- ThreadSanitizer ---------------------------------------------------------------------- */

struct counts {
    int count, stacks, accesses, locations, mutexes, threads, unique_tids;
};

/* Its threads have numbers of its own; the first one's is 0. */
static unsigned task_of(void *report, const struct counts *n, int tid)
{
    void *trace[1] = {0};
    for (int i = 0; i < n->threads; i++) {
        int number, running, parent;
        unsigned long long kernel_tid = 0;
        const char *name;
        tsan.thread(report, (unsigned long)i, &number, &kernel_tid, &running, &name, &parent, trace,
                    0);
        const struct task *t = number == tid ? ilv__sanitizer_task((int)kernel_tid) : NULL;
        if (t != NULL)
            return t->index;
    }
    return tid == 0 ? 0 : ilv__world.current->index;
}

/* The block that holds the address was allocated there. */
static void allocated_at(void *report, const struct counts *n, uint32_t object)
{
    for (int i = 0; i < n->locations; i++) {
        void *trace[TRACE_MAX] = {0};
        void *address;
        unsigned long start, size;
        int tid, fd, suppressable;
        const char *type = "";
        tsan.location(report, (unsigned long)i, &type, &address, &start, &size, &tid, &fd,
                      &suppressable, trace, TRACE_MAX);
        if (strcmp(type, "heap") == 0)
            ilv__object_info(object)->site = ilv__record_stack(trace, TRACE_MAX);
    }
}

/* The last one told is the access of now; of a block that was given back the other is that. */
static unsigned role_of(bool write, bool after_free, int index)
{
    if (after_free && index > 0)
        return ILV_ROLE_FREED;
    return write ? ILV_ROLE_WROTE : ILV_ROLE_READ;
}

static void add_accesses(void *report, const struct counts *n, bool after_free)
{
    for (int i = n->accesses; i-- > 0;) {
        void *trace[TRACE_MAX] = {0};
        void *address = NULL;
        int tid = 0, size = 0, write = 0, atomic = 0;
        tsan.access(report, (unsigned long)i, &tid, &address, &size, &write, &atomic, trace,
                    TRACE_MAX);
        uint32_t object = memory_object(address, (size_t)size);
        if (i == 0 && !ilv__blocks_kept())
            allocated_at(report, n, object);
        add(role_of(write != 0, after_free, i), task_of(report, n, tid), object,
            ilv__record_stack(trace, TRACE_MAX));
    }
}

/* What is said of a lock, a thread, a signal: the lock, and where. */
static void add_stack(void *report, const struct counts *n)
{
    void *trace[TRACE_MAX] = {0};
    void *address = NULL;
    unsigned long id;
    int destroyed;
    if (n->mutexes > 0)
        tsan.mutex(report, 0, &id, &address, &destroyed, trace, 0);
    uint32_t object = address != NULL ? ilv__object_find(ILV_CLASS_MUTEX, address) : 0;
    memset(trace, 0, sizeof trace);
    if (n->stacks > 0)
        tsan.stack(report, 0, trace, TRACE_MAX);
    add(ILV_ROLE_DID, ilv__world.current->index, object, ilv__record_stack(trace, TRACE_MAX));
}

static bool readable(void)
{
    return tsan.current != NULL && tsan.data != NULL && tsan.stack != NULL && tsan.access != NULL &&
           tsan.location != NULL && tsan.mutex != NULL && tsan.thread != NULL;
}

static void read_report(void *report)
{
    struct counts n = {0};
    const char *description;
    void *sleep[1];
    tsan.data(report, &description, &n.count, &n.stacks, &n.accesses, &n.locations, &n.mutexes,
              &n.threads, &n.unique_tids, sleep, 0);
    if (n.accesses > 0)
        add_accesses(report, &n, strstr(description, "after-free") != NULL);
    else
        add_stack(report, &n);
}

static void compare_report(void *report)
{
    struct counts n = {0};
    const char *description;
    void *none[1];
    void *address = NULL;
    int tid, size, write, atomic;
    if (report == NULL)
        return;
    tsan.data(report, &description, &n.count, &n.stacks, &n.accesses, &n.locations, &n.mutexes,
              &n.threads, &n.unique_tids, none, 0);
    if (n.accesses == 0)
        return;
    tsan.access(report, 0, &tid, &address, &size, &write, &atomic, none, 0);
    ilv__sanitizer_they_found((uint64_t)(uintptr_t)address);
}

/* ---- AddressSanitizer --------------------------------------------------------------------- */

/* Where the program was when the sanitizer took over: the frames from pc on. */
static void add_asan_access(uint32_t object)
{
    bool writes = asan.is_write != NULL && asan.is_write() != 0;
    add(writes ? ILV_ROLE_WROTE : ILV_ROLE_READ, ilv__world.current->index, object,
        ilv__record_site_from((uint64_t)(uintptr_t)asan.pc()));
}

/* Its threads are numbered as they were made, as tasks are. */
static unsigned asan_task(int tid)
{
    return tid >= 0 && (uint32_t)tid < ilv__world.run->task_count ? (unsigned)tid : 0;
}

static void read_asan_report(void)
{
    const char *what = asan.description();
    begin("AddressSanitizer: ", what, strlen(what));
    void *address = asan.address();
    uint32_t object = 0;
    void *trace[TRACE_MAX] = {0};
    int tid = 0;
    if (address != NULL)
        object = memory_object(address, asan.size != NULL ? asan.size() : 1);
    if (asan.allocated != NULL && asan.allocated(address, trace, TRACE_MAX, &tid) > 0 &&
        object != 0)
        ilv__object_info(object)->site = ilv__record_stack(trace, TRACE_MAX);
    memset(trace, 0, sizeof trace);
    if (asan.freed != NULL && asan.freed(address, trace, TRACE_MAX, &tid) > 0)
        add(ILV_ROLE_FREED, asan_task(tid), object, ilv__record_stack(trace, TRACE_MAX));
    add_asan_access(object);
}

/* ---- what it writes ----------------------------------------------------------------------- */

static char said[TEXT_MAX]; /* the first line that it wrote since */

static void keep_line(const char *text, size_t size)
{
    size_t n = 0;
    while (n < size && n < sizeof said - 1 && text[n] != '\n')
        n++;
    if (said[0] == 0 && n > 0)
        memcpy(said, text, n);
}

/* From "...ThreadSanitizer: data race (pid=1)" the words before the parenthesis. */
static const char *tsan_words(const char *text, size_t size, size_t *length)
{
    const char *from = memmem(text, size, "WARNING: " TSAN, sizeof "WARNING: " TSAN - 1);
    if (from == NULL)
        return NULL;
    from += sizeof "WARNING: " TSAN - 1;
    size_t rest = size - (size_t)(from - text);
    const char *end = memmem(from, rest, " (pid=", 6);
    *length = end != NULL ? (size_t)(end - from) : rest;
    return from;
}

void ilv__sanitizer_wrote(const char *text, size_t size)
{
    size_t length;
    const char *words = tsan_words(text, size, &length);
    unsigned wanted = ilv__world.block->config.reports;
    keep_line(text, size);
    if (words == NULL || !ilv__world.active || wanted == ILV_REPORTS_ALLOW)
        return;
    void *report = readable() ? tsan.current() : NULL;
    if (wanted == ILV_REPORTS_COMPARE) {
        compare_report(report);
        return;
    }
    begin(TSAN, words, length);
    if (report != NULL)
        read_report(report);
    ilv__judge_finding(&finding);
}

void ilv__sanitizer_ends(int status)
{
    if (ilv__sanitizer == ILV_SANITIZER_ADDRESS && asan.present != NULL && asan.present() != 0 &&
        asan.description != NULL && asan.pc != NULL && asan.address != NULL) {
        read_asan_report();
        ilv__judge_finding(&finding);
    }
    if (ilv__world.active && said[0] != 0)
        ilv__limited(said);
    ilv__end_run(ILV_END_EXIT, status);
}
