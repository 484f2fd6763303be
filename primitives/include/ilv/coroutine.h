/* SPDX-License-Identifier: MIT */
/*
 * coroutine.h: functions that stop in the middle, hand out a value, and go on when they are sent
 * one.
 *
 *     static void *count(void *argument, void *sent)
 *     {
 *         int *number = argument;
 *         while (ilv_coroutine_yield(number, &sent) == 0)
 *             ++*number;
 *         return NULL;
 *     }
 *
 *     struct ilv_coroutine *counter;
 *     int number = 1;
 *     void *answer;
 *     ilv_coroutine_create(&counter, NULL, count, &number);
 *     while (ilv_coroutine_send(counter, NULL, &answer) == 0 && *(int *)answer < 10)
 *         printf("%d\n", *(int *)answer);
 *     ilv_coroutine_close(counter);
 *     ilv_coroutine_free(counter);
 *
 * Each has a stack of its own, so it may yield from within the functions that it calls. A thread
 * runs one of its coroutines at a time, and changes only where the program says so: in send, yield,
 * switch_to and close. Nothing here blocks, and nothing is a system call, save the mapping of
 * stacks.
 *
 * States:
 *
 *     NEW ---send, switch_to---> RUNNING ---the function returns---> ENDED
 *      |                          |   ^
 *      |      yield, or switch_to |   | send, or a switch to it
 *      |             another one  v   |
 *      +---close---> ENDED      SUSPENDED ---close---> RUNNING, its calls give ECANCELED
 *
 * and WAITING while it is in a send or close of another, until that one yields or ends, or in a
 * loop (loop.h). The thread's own flow, in which nothing was created, is a coroutine in all but
 * this: it cannot be closed or freed, and it has nobody to yield to.
 *
 * Threads. A coroutine belongs to the thread that created it; only that one resumes and closes it
 * (EPERM for others). A thread that ends closes those of its coroutines that are new or suspended,
 * in the order of their creation; exit() closes none.
 *
 * What belongs to whom. errno and the control words of the floating point units (rounding,
 * precision) are each coroutine's own. Locals of a thread, its locks, its signal mask and its name
 * are the thread's: who yields with an ilv_mutex locked has it locked for the whole thread. On
 * machines other than x86-64 the signal mask is the coroutine's too, and a switch costs a system
 * call.
 *
 * What must not be done in a coroutine: leave it other than by return (longjmp past its beginning,
 * pthread_exit(), being cancelled, a C++ exception). exit() may be called. A signal handler runs on
 * the stack of whoever runs and must not call these functions.
 *
 * Forking. The child has copies of all coroutines. Those of the thread that forked go on as in
 * the parent, also the one that forked; those of other threads belong to nobody: EPERM.
 *
 * Stacks. Below each lies a page that cannot be touched: running over ends the program with
 * SIGSEGV. They are mapped when needed, used again, and unmapped at the end of the thread. A
 * signal's frame lies on the stack of whoever runs: the smallest has room for one and a few calls.
 *
 * Functions return 0 or an error number; EINVAL stands for a null or senseless argument. Values are
 * pointers that nobody looks at. Sanitizers and valgrind are told of every switch.
 */
#ifndef ILV_COROUTINE_H
#define ILV_COROUTINE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_coroutine;

enum ilv_coroutine_state {
    ILV_COROUTINE_NEW,
    ILV_COROUTINE_RUNNING,
    ILV_COROUTINE_WAITING,
    ILV_COROUTINE_SUSPENDED,
    ILV_COROUTINE_ENDED
};

/* `sent` is the value that it was first resumed with. What it returns is its last answer. */
typedef void *ilv_coroutine_function(void *argument, void *sent);

enum { ILV_COROUTINE_STACK_MIN = 16384, ILV_COROUTINE_STACK = 262144 };

/* All zero, or NULL, is a coroutine on a stack of ILV_COROUTINE_STACK bytes. */
struct ilv_coroutine_options {
    size_t stack_size; /* rounded up to pages; less than ILV_COROUTINE_STACK_MIN: EINVAL */
};

/* Makes a coroutine that has not begun. ENOMEM: no memory for it or for its stack, which is
 * reserved now. EAGAIN: no more keys of threads. */
int ilv_coroutine_create(struct ilv_coroutine **coroutine,
                         const struct ilv_coroutine_options *options,
                         ilv_coroutine_function *function, void *argument);

/*
 * Resumes it: its yield, or its switch_to, gives 0 and the value. Returns when it yields, with what
 * it yielded in *answer (which may be NULL).
 *
 * ENODATA: it has ended instead, and *answer is what its function returned. With other errors
 * *answer is as it was and nothing has happened: EPIPE: it had ended before, or was closed.
 * EDEADLK: the caller itself, or one that waits for the caller. EBUSY: it waits in a loop (loop.h).
 * EPERM: another thread's, or a task of a loop.
 */
int ilv_coroutine_send(struct ilv_coroutine *coroutine, void *value, void **answer);

/*
 * Suspends the caller and gives the value to who resumed it. Returns when it is resumed, with the
 * value it was sent in *sent (which may be NULL).
 *
 * ECANCELED: it was closed meanwhile, and must come to its end: from now on every yield and
 * switch_to of it is refused so at once, without suspending it. EPERM: there is nobody to yield
 * to: the caller is a thread's own flow, or a task of a loop.
 */
int ilv_coroutine_yield(void *value, void **sent);

/*
 * Suspends the caller and resumes the other one in its place: what that yields, or returns, goes to
 * who had resumed the caller. Returns as a yield does, when somebody sends or switches to the
 * caller. The one that resumed the caller may be named too: then it is a yield. From a thread's own
 * flow it is a send, with the answer in *sent: nothing can take the flow's place.
 *
 * Errors as of send, then nothing has happened; and ECANCELED, as of yield; EPERM: the caller is a
 * task of a loop.
 */
int ilv_coroutine_switch_to(struct ilv_coroutine *coroutine, void *value, void **sent);

/*
 * Ends it. One that is suspended is resumed with ECANCELED, and has ended when close returns; what
 * its function returns is its answer (see below). One that has not begun never will. 0 for one that
 * has ended. A function that does not return although its yields are refused is waited for.
 *
 * EDEADLK, EBUSY, EPERM: as of send.
 */
int ilv_coroutine_close(struct ilv_coroutine *coroutine);

/* What its function returned; NULL for one that was closed before it began. EBUSY: not ended. */
int ilv_coroutine_result(const struct ilv_coroutine *coroutine, void **result);

/* ENDED for NULL. The thread's own flow is RUNNING or WAITING. */
enum ilv_coroutine_state ilv_coroutine_state(const struct ilv_coroutine *coroutine);

/* The caller; in a thread's own flow a handle that stands for it, valid while the thread lives. */
struct ilv_coroutine *ilv_coroutine_current(void);

/* Frees the handle. One that has ended may be freed by any thread. EBUSY: it waits, runs or is
 * suspended: close it first. EPERM: a new one of another thread; a task of a loop. EINVAL: a
 * thread's own flow. NULL is 0. */
int ilv_coroutine_free(struct ilv_coroutine *coroutine);

#ifdef __cplusplus
}
#endif

#endif
