/* SPDX-License-Identifier: MIT */
/*
 * semaphore.c: the model of sem_t (POSIX.1-2017, sem_wait and its kin).
 *
 * The value is kept where glibc keeps it, in the first word of the object: memory that is zeroed,
 * copied or shared between processes has the value that it would have without us. The stamp lies
 * in the part that glibc leaves alone.
 *
 * Named semaphores lie in memory of the run instead of files: two runs never meet, a child made
 * by fork shares them, and nothing is left behind whatever becomes of the run. What a name may be
 * is what glibc makes of it as a file "sem.<name>".
 *
 *   free      !used
 *   linked    used, linked          found by its name; refs may be 0
 *   unlinked  used, !linked         lives until the last sem_close
 */
#include "objects/semaphore.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define NAMED_MAX 64
#define NAME_LONGEST 255                /* beyond it glibc answers as for a wrong name */
#define FILE_LONGEST (NAME_LONGEST - 4) /* "sem." stands before the name */

/* As glibc lays it out. */
struct bytes {
    uint32_t value;
    uint32_t waiters;
    int32_t private;
    int32_t pad;
    struct stamp stamp;
};
_Static_assert(sizeof(struct bytes) <= sizeof(sem_t), "within a semaphore's bytes");

static struct bytes *bytes_of(sem_t *sem)
{
    return (struct bytes *)(void *)sem;
}

static uint32_t make(sem_t *sem)
{
    uint32_t object = ilv__object_make(ILV_CLASS_SEM, sem, sizeof *sem);
    bytes_of(sem)->stamp = (struct stamp){ILV_STAMP_MAGIC, object};
    return object;
}

static uint32_t object_of(sem_t *sem)
{
    uint32_t object = ilv__stamped(&bytes_of(sem)->stamp, ILV_CLASS_SEM, sem);
    return ilv_likely(object != 0) ? object : make(sem);
}

static struct ilv_op operation(unsigned kind, uint32_t object)
{
    struct ilv_op op = ilv__op(kind, object);
    op.flags = ilv__object_info(object)->flags & ILV_SHARED;
    return op;
}

static uint32_t *value_of(uint32_t object)
{
    sem_t *sem = (sem_t *)(uintptr_t)ilv__object_info(object)->address;
    return &bytes_of(sem)->value;
}

static bool wait_possible(const struct task *t)
{
    return *value_of(t->info->op.object) > 0;
}

/* ---- waiting and posting ------------------------------------------------------------------ */

static int take(const struct ilv_op *op, enum outcome outcome)
{
    static const int error[] = {
        [ILV_GO] = 0,
        [ILV_TIMEOUT] = ETIMEDOUT,
        [ILV_INTERRUPT] = EINTR,
        [ILV_SPURIOUSLY] = 0,
    };
    uint32_t *value = value_of(op->object);
    if (outcome == ILV_INTERRUPT)
        ilv__self->done_flags |= ILV_INTERRUPTED;
    if (error[outcome] == 0) {
        --*value;
        ilv__changed(op->object);
    }
    ilv__done(error[outcome], *value);
    return -error[outcome];
}

int ilv__sem_wait(sem_t *sem)
{
    struct ilv_op op = operation(ILV_EV_SEM_WAIT, object_of(sem));
    ilv__self->interruptible = ILV_RESTART;
    return take(&op, ilv__point(&op, wait_possible));
}

/* A wait with a deadline is not restarted after a handler, whatever the handler says. */
int ilv__sem_clockwait(sem_t *sem, clockid_t clock, const struct timespec *deadline)
{
    struct ilv_op op = operation(ILV_EV_SEM_WAIT, object_of(sem));
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
        return -EINVAL;
    int error = ilv__deadline(clock, deadline, &op.deadline);
    if (error != 0)
        return -error;
    op.flags |= ILV_TIMED;
    ilv__self->interruptible = ILV_ALWAYS;
    return take(&op, ilv__point(&op, wait_possible));
}

int ilv__sem_trywait(sem_t *sem)
{
    struct ilv_op op = operation(ILV_EV_SEM_TRYWAIT, object_of(sem));
    ilv__point(&op, NULL);
    uint32_t *value = value_of(op.object);
    int error = *value > 0 ? 0 : EAGAIN;
    if (error == 0)
        --*value;
    ilv__changed(op.object);
    ilv__done(error, *value);
    return -error;
}

int ilv__sem_post(sem_t *sem)
{
    struct ilv_op op = operation(ILV_EV_SEM_POST, object_of(sem));
    ilv__point(&op, NULL);
    uint32_t *value = value_of(op.object);
    int error = *value < SEM_VALUE_MAX ? 0 : EOVERFLOW;
    if (error == 0)
        ++*value;
    ilv__changed(op.object);
    ilv__done(error, *value);
    return -error;
}

int ilv__sem_getvalue(sem_t *sem, int *value)
{
    struct ilv_op op = operation(ILV_EV_SEM_GETVALUE, object_of(sem));
    ilv__point(&op, NULL);
    *value = (int)*value_of(op.object);
    ilv__done(0, (uint64_t)*value);
    return 0;
}

/* ---- life --------------------------------------------------------------------------------- */

/* Makes the bytes and the object; the step is the caller's. */
static uint32_t create(sem_t *sem, int shared, unsigned value)
{
    memset(sem, 0, sizeof *sem);
    bytes_of(sem)->value = value;
    bytes_of(sem)->private = shared == 0 ? 0 : 128; /* FUTEX_PRIVATE_FLAG, as glibc has it */
    uint32_t object = make(sem);
    if (shared != 0)
        ilv__object_info(object)->flags |= ILV_SHARED;
    return object;
}

int ilv__sem_init(sem_t *sem, int shared, unsigned value)
{
    if (value > SEM_VALUE_MAX)
        return -EINVAL;
    uint32_t before = ilv__stamped(&bytes_of(sem)->stamp, ILV_CLASS_SEM, sem);
    struct ilv_op op = ilv__op(ILV_EV_SEM_INIT, before);
    op.value = value;
    ilv__point(&op, NULL);
    ilv__self->info->op.object = create(sem, shared, value);
    ilv__done(0, value);
    return 0;
}

int ilv__sem_destroy(sem_t *sem)
{
    struct ilv_op op = operation(ILV_EV_SEM_DESTROY, object_of(sem));
    ilv__point(&op, NULL);
    ilv__done(0, 0);
    ilv__object_info(op.object)->state = ILV_OBJECT_DESTROYED;
    return 0;
}

/* ---- named -------------------------------------------------------------------------------- */

struct named {
    sem_t sem;
    uint32_t refs;
    bool used;
    bool linked;
    char name[NAME_LONGEST + 1];
};
static struct named *named; /* NAMED_MAX of them, in memory that children share */

static int map_named(void)
{
    if (named != NULL)
        return 0;
    long address = ilv__syscall_raw(SYS_mmap, 0, sizeof(struct named) * NAMED_MAX,
                                    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (address < 0)
        return (int)-address;
    named = (struct named *)address;
    return 0;
}

/* Strips the slashes before the name and says what glibc would say about the rest. */
static int check_name(const char **name)
{
    while (**name == '/')
        ++*name;
    size_t length = strlen(*name);
    if (length == 0 || strchr(*name, '/') != NULL || length > NAME_LONGEST)
        return EINVAL;
    return length > FILE_LONGEST ? ENAMETOOLONG : 0;
}

static struct named *find_name(const char *name)
{
    for (unsigned i = 0; i < NAMED_MAX; i++)
        if (named[i].linked && strcmp(named[i].name, name) == 0)
            return &named[i];
    return NULL;
}

static struct named *find_sem(const sem_t *sem)
{
    for (unsigned i = 0; named != NULL && i < NAMED_MAX; i++)
        if (named[i].used && &named[i].sem == sem && named[i].refs > 0)
            return &named[i];
    return NULL;
}

static struct named *make_named(const char *name, unsigned value)
{
    for (unsigned i = 0; i < NAMED_MAX; i++) {
        struct named *n = &named[i];
        if (n->used)
            continue;
        *n = (struct named){.used = true, .linked = true};
        strcpy(n->name, name);
        create(&n->sem, 1, value);
        return n;
    }
    ilv__limited("more than 64 named semaphores");
}

/* What is there under the name, or what is made; the order of the checks is glibc's. */
static int open_or_make(const char *name, int flags, unsigned value, struct named **found)
{
    *found = find_name(name);
    bool exclusive = (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0;
    if (*found != NULL && !exclusive)
        return 0;
    if ((flags & O_CREAT) == 0)
        return ENOENT;
    if (value > SEM_VALUE_MAX)
        return EINVAL;
    if (*found != NULL)
        return EEXIST;
    *found = make_named(name, value);
    return 0;
}

int ilv__sem_open(const char *name, int flags, unsigned value, sem_t **sem)
{
    int error = check_name(&name);
    if (error == 0)
        error = map_named();
    if (error != 0)
        return -error;
    const struct named *known = find_name(name);
    uint32_t before = known != NULL ? object_of((sem_t *)(uintptr_t)&known->sem) : 0;
    struct ilv_op op = ilv__op(ILV_EV_SEM_INIT, before);
    ilv__point(&op, NULL);
    struct named *found = NULL;
    error = open_or_make(name, flags, value, &found);
    if (error == 0) {
        found->refs++;
        ilv__self->info->op.object = object_of(&found->sem);
        *sem = &found->sem;
    }
    ilv__done(error, found != NULL ? found->refs : 0);
    return -error;
}

static void forget(struct named *n)
{
    if (n->linked || n->refs > 0)
        return;
    ilv__objects_gone(&n->sem, sizeof n->sem);
    n->used = false;
}

int ilv__sem_close(sem_t *sem)
{
    struct named *n = find_sem(sem);
    if (n == NULL) /* opened before the program was under test, or no named semaphore */
        return ilv__real()->sem_close(sem) == 0 ? 0 : -errno;
    struct ilv_op op = operation(ILV_EV_SEM_DESTROY, object_of(sem));
    ilv__point(&op, NULL);
    n->refs--;
    ilv__done(0, n->refs);
    forget(n);
    return 0;
}

int ilv__sem_unlink(const char *name)
{
    int error = check_name(&name);
    if (error == EINVAL)
        return -ENOENT;
    if (error == 0)
        error = map_named();
    if (error != 0)
        return -error;
    const struct named *known = find_name(name);
    uint32_t before = known != NULL ? object_of((sem_t *)(uintptr_t)&known->sem) : 0;
    struct ilv_op op = ilv__op(ILV_EV_SEM_DESTROY, before);
    ilv__point(&op, NULL);
    struct named *n = find_name(name);
    error = n == NULL ? ENOENT : 0;
    if (n != NULL)
        n->linked = false;
    ilv__done(error, 0);
    if (n != NULL)
        forget(n);
    return -error;
}
