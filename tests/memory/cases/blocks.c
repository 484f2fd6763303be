/* SPDX-License-Identifier: MIT */
/* Blocks of the heap: their memory is used again by whoever comes next, and none of it races. */
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"

enum { BYTES = 64, ROUNDS = 3 };

/* ---- one after another -------------------------------------------------------------------- */

/* Each thread is likely to get what the other has just given back, and nothing orders them. */
static void *uses_malloc(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        char *p = malloc(BYTES);
        must(p == NULL);
        memset(p, (int)(long)argument, BYTES);
        holds(p[BYTES - 1] == (int)(long)argument);
        free(p);
        sched_yield();
    }
    return NULL;
}

static void malloc_is_fresh(void)
{
    run_threads(3, uses_malloc);
}

static void *uses_calloc(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        long *p = calloc(BYTES, sizeof *p);
        must(p == NULL);
        holds(p[i] == 0);
        p[i] = (long)argument;
        free(p);
        sched_yield();
    }
    return NULL;
}

static void calloc_is_fresh(void)
{
    run_threads(3, uses_calloc);
}

/* It grows until it moves, and leaves blocks behind that another thread gets. */
static void *uses_realloc(void *argument)
{
    size_t n = 16;
    long *p = NULL;
    for (int i = 0; i < ROUNDS; i++, n *= 4) {
        p = realloc(p, n * sizeof *p);
        must(p == NULL);
        for (size_t k = i == 0 ? 0 : n / 4; k < n; k++)
            p[k] = (long)argument;
        holds(p[0] == (long)argument);
        sched_yield();
    }
    p = realloc(p, sizeof *p);
    must(p == NULL);
    holds(p[0] == (long)argument);
    free(p);
    return NULL;
}

static void realloc_is_fresh(void)
{
    run_threads(3, uses_realloc);
}

static void *uses_aligned(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        void *p;
        must(posix_memalign(&p, 64, BYTES));
        memset(p, (int)(long)argument, BYTES);
        char *q = aligned_alloc(128, 128);
        must(q == NULL);
        memset(q, (int)(long)argument, 128);
        free(p);
        free(q);
        sched_yield();
    }
    return NULL;
}

static void aligned_is_fresh(void)
{
    run_threads(3, uses_aligned);
}

/* What libc allocates and the program gives back. */
static void *uses_libc_blocks(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        char *p = strdup("a text that libc allocated");
        char *q;
        must(p == NULL || asprintf(&q, "number %d", i) < 0);
        p[0] = 'A';
        q[0] = 'N';
        holds(q[7] == '0' + i);
        free(p);
        free(q);
        sched_yield();
    }
    return argument;
}

static void libc_blocks_are_fresh(void)
{
    run_threads(3, uses_libc_blocks);
}

static void *uses_mmap(void *argument)
{
    for (int i = 0; i < ROUNDS; i++) {
        int *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        must(p == MAP_FAILED);
        holds(p[i] == 0);
        p[i] = (int)(long)argument + 1;
        must(munmap(p, 8192));
        sched_yield();
    }
    return NULL;
}

static void mmap_is_fresh(void)
{
    run_threads(3, uses_mmap);
}

/* A page of the program's own is mapped anew, over itself. */
static char *page;
static pthread_mutex_t page_lock = PTHREAD_MUTEX_INITIALIZER;

static void *maps_again(void *argument)
{
    lock(&page_lock);
    page = mmap(page, 4096, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | (page != NULL ? MAP_FIXED : 0), -1, 0);
    must(page == MAP_FAILED);
    holds(page[7] == 0);
    page[7] = 1;
    unlock(&page_lock);
    return argument;
}

static void mapping_again_is_ordered(void)
{
    run_threads(3, maps_again);
}

/* ---- handed over -------------------------------------------------------------------------- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static int *box;

static void put(int *p)
{
    lock(&mutex);
    box = p;
    must(pthread_cond_signal(&filled));
    unlock(&mutex);
}

static int *take(void)
{
    lock(&mutex);
    while (box == NULL)
        must(pthread_cond_wait(&filled, &mutex));
    int *p = box;
    box = NULL;
    unlock(&mutex);
    return p;
}

static void *gives_block(void *argument)
{
    int *p = malloc(2 * sizeof *p); /* allocate the given */
    must(p == NULL);
    p[0] = 0;
    p[1] = 7;
    put(p);
    if (fault == 1)
        p[1] = 8; /* write after giving */
    return argument;
}

static void *frees_block(void *argument)
{
    int *p = take();
    holds(p[0] == 0);
    free(p); /* free the given */
    return argument;
}

/* The block is freed by another thread. Fault 1: the giver still writes.
 * [wrong given 1: heap of allocate the given at free the given, write after giving] */
static void given_away(void)
{
    run_both(gives_block, frees_block);
}

static int *shared;
static atomic_int done_reading;

static void *reads_shared(void *argument)
{
    holds(shared[1] == 5); /* read the shared */
    atomic_store_explicit(&done_reading, 1, memory_order_release);
    return argument;
}

static void wait_for_reader(void)
{
    while (fault == 0 && !atomic_load_explicit(&done_reading, memory_order_acquire))
        sched_yield();
}

static void *frees_shared(void *argument)
{
    wait_for_reader();
    free(shared); /* free the shared */
    return argument;
}

static void make_shared(void)
{
    shared = malloc(8 * sizeof *shared); /* allocate the shared */
    must(shared == NULL);
    for (int i = 0; i < 8; i++)
        shared[i] = 5;
}

/* Freed when its reader is done. Fault 1: at once.
 * [wrong freed 1: heap of allocate the shared at read the shared, free the shared] */
static void freed_in_time(void)
{
    make_shared();
    run_both(reads_shared, frees_shared);
}

static int *resized;

static void *resizes_shared(void *argument)
{
    wait_for_reader();
    resized = realloc(shared, 100000); /* resize the shared */
    must(resized == NULL);
    return argument;
}

/* Realloc moves it when its reader is done. Fault 1: at once: it frees the block.
 * [wrong moved 1: heap of allocate the shared at read the shared, resize the shared] */
static void moved_in_time(void)
{
    make_shared();
    run_both(reads_shared, resizes_shared);
    holds(resized[1] == 5);
    free(resized);
}

static void *writes_shared(void *argument)
{
    shared[1] = 6; /* write the shared */
    atomic_store_explicit(&done_reading, 1, memory_order_release);
    return argument;
}

/* Realloc reads what it moves.
 * [wrong moved-written 1: heap of allocate the shared at write the shared, resize the shared] */
static void moved_when_written(void)
{
    make_shared();
    run_both(writes_shared, resizes_shared);
    holds(resized[1] == 6);
    free(resized);
}

static void *shrinks_shared(void *argument)
{
    wait_for_reader();
    int *p = realloc(shared, 4 * sizeof *p); /* shrink the shared */
    must(p == NULL);
    return argument;
}

/* What a block loses in place is given back.
 * [wrong shrunk 1: heap of allocate the shared at read the shared, shrink the shared] */
static void shrunk_in_time(void)
{
    make_shared();
    run_both(reads_shared, shrinks_shared);
}

static void *unmaps(void *argument)
{
    wait_for_reader();
    must(munmap(shared, 4096)); /* unmap the shared */
    return argument;
}

/* [breaks unmapped 1: crash] */
static void unmapped_in_time(void)
{
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(shared == MAP_FAILED);
    shared[1] = 5;
    run_both(reads_shared, unmaps);
}

static void *frees_it_too(void *argument)
{
    lock(&mutex);
    if (box != NULL)
        free(box);
    box = NULL;
    unlock(&mutex);
    return argument;
}

/* Whoever comes first frees it. */
static void freed_once(void)
{
    box = malloc(sizeof *box);
    must(box == NULL);
    *box = 1;
    run_threads(3, frees_it_too);
}

/* ---- of a thread that has ended ------------------------------------------------------------- */

static void *makes_block(void *argument)
{
    int *p = malloc(sizeof *p);
    must(p == NULL);
    *p = (int)(long)argument;
    return p;
}

static void block_outlives_its_maker(void)
{
    for (long i = 0; i < ROUNDS; i++) {
        void *p;
        must(pthread_join(thread(makes_block, (void *)i), &p));
        holds(*(int *)p == i);
        *(int *)p = -1;
        free(p);
    }
}

/* ---- past the end --------------------------------------------------------------------------- */

static char *five;

static void *writes_past_it(void *argument)
{
    if (fault == 1)
        five[5]++; /* past the end */
    return argument;
}

/* The word has bytes that are of no block.
 * [wrong past-the-end 1: heap of allocate five at past the end, past the end] */
static void within_the_end(void)
{
    five = malloc(5); /* allocate five */
    must(five == NULL);
    run_threads(2, writes_past_it);
    free(five);
}

/* ---- a page that the program opens when it is touched --------------------------------------- */

static long *closed;

static void opens_it(int signal)
{
    (void)signal;
    must(mprotect(closed, 4096, PROT_READ | PROT_WRITE));
}

static void *counts_on_page(void *argument)
{
    if (fault == 0)
        lock(&mutex);
    closed[0]++;
    if (fault == 0)
        unlock(&mutex);
    return argument;
}

/* [breaks opened-page 1: exit-status] */
static void opened_page(void)
{
    struct sigaction action = {.sa_handler = opens_it};
    must(sigaction(SIGSEGV, &action, NULL));
    closed = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(closed == MAP_FAILED);
    run_threads(2, counts_on_page);
    holds(closed[0] == 2);
}

/* ---- a mapping that is cut to be aligned ---------------------------------------------------- */

static long *aligned;

static void *counts_aligned(void *argument)
{
    if (fault == 0)
        lock(&mutex);
    aligned[0]++;
    if (fault == 0)
        unlock(&mutex);
    return argument;
}

/* More than are remembered of those that went. */
static void make_and_free_many(void)
{
    for (int i = 0; i < 1100; i++) {
        void *volatile p = malloc(16);
        free(p);
    }
}

/* [breaks cut-mapping 1: exit-status] */
static void cut_mapping(void)
{
    char *whole = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(whole == MAP_FAILED);
    must(munmap(whole, 4096));
    make_and_free_many();
    aligned = (long *)(void *)(whole + 4096);
    run_threads(2, counts_aligned);
    holds(aligned[0] == 2);
}

CASES({"malloc", malloc_is_fresh}, {"calloc", calloc_is_fresh}, {"realloc", realloc_is_fresh},
      {"aligned", aligned_is_fresh}, {"libc", libc_blocks_are_fresh}, {"mmap", mmap_is_fresh},
      {"mapped-again", mapping_again_is_ordered}, {"given", given_away}, {"freed", freed_in_time},
      {"moved", moved_in_time}, {"moved-written", moved_when_written}, {"shrunk", shrunk_in_time},
      {"unmapped", unmapped_in_time}, {"freed-once", freed_once},
      {"outlives", block_outlives_its_maker}, {"past-the-end", within_the_end},
      {"opened-page", opened_page}, {"cut-mapping", cut_mapping})
