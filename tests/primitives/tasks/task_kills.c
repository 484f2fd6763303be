/* SPDX-License-Identifier: MIT */
/*
 * task_kills: processes that send, receive or work are killed with SIGKILL at random moments, and
 * what they had acknowledged is compared with what is there. Called as ../kills/usage.h says.
 *
 * senders     three processes send by one end, each its own sequence. What a killed one was told
 *             is sent is received, once and in order, and at most one message more
 * receivers   one process after the other receives. A killed one loses what it had in hand, one
 *             message at most, and of that nothing is received by the next
 * pool        workers are killed. Of the tasks under way at most one a death fails, every other one
 *             has run once and has its result
 *
 * Messages are of one packet and of many. In all, memory and descriptors of the survivor do not
 * grow. One line a kind; exit status 1 if one failed. A watchdog says when one hangs.
 */
#include <errno.h>
#include <ilv/deadline.h>
#include <ilv/pipe.h>
#include <ilv/pool.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../kills/usage.h"

enum {
    SENDERS = 3,
    MARKER = SENDERS, /* of the parent: all that was sent before has been received */
    WORKERS = 3,
    UNDER_WAY = 8,
    LARGEST = 20000,
    WATCHDOG_SECONDS = 60,
    GROWTH = 1 << 20, /* bytes: parts of messages under way are kept */
};

struct message {
    uint64_t sender;
    uint64_t number;
    unsigned char text[LARGEST];
};

enum { HEAD = offsetof(struct message, text) };

/* What processes say, in shared memory. */
struct world {
    uint64_t sent[SENDERS]; /* the last number whose send returned */
    uint64_t received;      /* by receivers: the last number, and how many */
    uint64_t count;
    uint64_t wrong;
    uint32_t runs[UNDER_WAY]; /* of the tasks under way */
};

static struct world *world;
static struct message message;

static void pause_at_random(void)
{
    const struct timespec nap = {0, (long)chance(600000)};
    alarm(WATCHDOG_SECONDS);
    nanosleep(&nap, NULL);
}

/* Growth. */

struct size {
    size_t bytes;
    int descriptor; /* the next to be opened */
};

static struct size size_now(void)
{
    struct size size = {mallinfo2().uordblks, dup(0)};
    close(size.descriptor);
    return size;
}

static bool has_grown(struct size before)
{
    struct size now = size_now();
    return now.bytes > before.bytes + GROWTH || now.descriptor != before.descriptor;
}

/* Messages. */

static size_t length_of(uint64_t number)
{
    static const size_t lengths[] = {0, 10, 300, 4000, 4096, 9000, LARGEST};
    return HEAD + lengths[number % (sizeof lengths / sizeof *lengths)];
}

static const struct message *write_message(uint64_t sender, uint64_t number)
{
    message.sender = sender;
    message.number = number;
    memset(message.text, (int)(number % 251), length_of(number) - HEAD);
    return &message;
}

static bool message_holds(size_t length)
{
    for (size_t i = HEAD; i < length; i++)
        if (message.text[i - HEAD] != message.number % 251)
            return false;
    return length == length_of(message.number);
}

/* Senders. */

static pid_t start_sender(struct ilv_pipe *out, uint64_t sender, uint64_t number)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    for (;; number++) {
        if (ilv_pipe_send(out, write_message(sender, number), length_of(number)) != 0)
            _exit(1);
        __atomic_store_n(&world->sent[sender], number, __ATOMIC_RELEASE);
    }
}

/* The next message of each sender, as long as there are some or until the marker. */
static const char *receive_until_marker(struct ilv_pipe *in, uint64_t *received, bool *marked)
{
    size_t length;
    int error;
    *marked = false;
    while (!*marked && (error = ilv_pipe_try_receive(in, &message, sizeof message, &length)) == 0) {
        *marked = message.sender == MARKER;
        if (*marked)
            continue;
        if (message.sender > MARKER || !message_holds(length))
            return "a message is not whole";
        if (message.number != ++received[message.sender])
            return "a message is lost, or came twice";
    }
    return *marked || error == EAGAIN ? NULL : "receiving fails";
}

/* All that was sent so far is received. */
static const char *receive_all(struct ilv_pipe *in, struct ilv_pipe *out, uint64_t *received)
{
    const struct message marker = {.sender = MARKER};
    const char *wrong = NULL;
    bool marked = false;
    bool sent = false;
    while (wrong == NULL && !marked) {
        sent = sent || ilv_pipe_try_send(out, &marker, HEAD) == 0;
        wrong = receive_until_marker(in, received, &marked);
    }
    return wrong;
}

static const char *kill_senders(int kills)
{
    struct ilv_pipe *in = NULL;
    struct ilv_pipe *out = NULL;
    uint64_t received[SENDERS + 1] = {0};
    pid_t pids[SENDERS];
    struct size before = {0, 0};
    const char *wrong = ilv_pipe_open(&in, &out, ILV_PIPE_ONE_WAY) == 0 ? NULL : "no pipe";
    for (uint64_t i = 0; i < SENDERS; i++)
        pids[i] = start_sender(out, i, 1);
    for (int i = 0; i < kills && wrong == NULL; i++) {
        bool marked;
        uint64_t victim = chance(SENDERS);
        pause_at_random();
        if (chance(2) == 0)
            wrong = receive_until_marker(in, received, &marked);
        kill(pids[victim], SIGKILL);
        waitpid(pids[victim], NULL, 0);
        wrong = wrong != NULL ? wrong : receive_all(in, out, received);
        uint64_t sent = __atomic_load_n(&world->sent[victim], __ATOMIC_ACQUIRE);
        if (wrong == NULL && received[victim] != sent && received[victim] != sent + 1)
            wrong = "not all that was acknowledged was received, or more";
        pids[victim] = start_sender(out, victim, received[victim] + 1);
        before = i == kills / 10 ? size_now() : before;
    }
    wrong = wrong == NULL && has_grown(before) ? "memory or descriptors grow" : wrong;
    for (int i = 0; i < SENDERS; i++) {
        kill(pids[i], SIGKILL);
        waitpid(pids[i], NULL, 0);
    }
    printf(
        "senders: %d killed, %lu messages received, 0 lost that were acknowledged (none may be)\n",
        kills, (unsigned long)(received[0] + received[1] + received[2]));
    ilv_pipe_close(in);
    ilv_pipe_close(out);
    return wrong;
}

/* Receivers. */

static pid_t start_receiver(struct ilv_pipe *in)
{
    pid_t pid = fork();
    size_t length;
    if (pid != 0)
        return pid;
    while (ilv_pipe_receive(in, &message, sizeof message, &length) == 0) {
        bool holds = message_holds(length) && message.number > world->received;
        world->wrong += !holds;
        __atomic_store_n(&world->received, message.number, __ATOMIC_RELAXED);
        __atomic_store_n(&world->count, world->count + 1, __ATOMIC_RELEASE);
    }
    _exit(1);
}

static uint64_t send_some(struct ilv_pipe *out, uint64_t number)
{
    for (uint64_t most = chance(60); most > 0; most--) {
        int error = ilv_pipe_try_send(out, write_message(0, number), length_of(number));
        if (error != 0)
            break;
        number++;
    }
    return number;
}

static bool all_received(uint64_t last)
{
    while (__atomic_load_n(&world->received, __ATOMIC_ACQUIRE) != last)
        sched_yield();
    return true;
}

static const char *kill_receivers(int kills)
{
    struct ilv_pipe *in = NULL;
    struct ilv_pipe *out = NULL;
    uint64_t number = 1;
    struct size before = {0, 0};
    if (ilv_pipe_open(&in, &out, ILV_PIPE_ONE_WAY) != 0)
        return "no pipe";
    pid_t pid = start_receiver(in);
    for (int i = 0; i < kills; i++) {
        number = send_some(out, number);
        pause_at_random();
        number = send_some(out, number);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        pid = start_receiver(in);
        before = i == kills / 10 ? size_now() : before;
    }
    while (ilv_pipe_send(out, write_message(0, number), length_of(number)) != 0)
        sched_yield();
    all_received(number);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    uint64_t lost = number - world->count;
    printf(
        "receivers: %d killed, %lu messages sent, %lu lost (at most the one in the hand of each)\n",
        kills, (unsigned long)number, (unsigned long)lost);
    bool grown = has_grown(before);
    ilv_pipe_close(in);
    ilv_pipe_close(out);
    if (world->wrong != 0)
        return "a message is not whole, or came twice";
    return lost > (uint64_t)kills ? "more is lost than deaths explain"
           : grown                ? "memory or descriptors grow"
                                  : NULL;
}

/* The pool. */

static int work(const void *argument, void *result)
{
    const uint64_t *number = argument;
    uint64_t *answer = result;
    __atomic_fetch_add(&world->runs[*number % UNDER_WAY], 1, __ATOMIC_RELAXED);
    for (uint64_t i = 0; i < *number % 7; i++)
        sched_yield();
    *answer = *number * *number;
    return 0;
}

static int submit(struct ilv_pool *pool, uint64_t number, struct ilv_future **future)
{
    const struct ilv_call call = {.function = work,
                                  .argument = &number,
                                  .argument_size = sizeof number,
                                  .result_size = sizeof number};
    return ilv_pool_submit(pool, &call, future);
}

/* The outcome of one task. */
static const char *judge(struct ilv_future *future, uint64_t number, uint64_t *failed)
{
    uint64_t answer = 0;
    int error = ilv_future_wait(future);
    int outcome = ilv_future_outcome(future, &answer);
    uint32_t runs = __atomic_load_n(&world->runs[number % UNDER_WAY], __ATOMIC_RELAXED);
    ilv_future_free(future);
    *failed += outcome == EOWNERDEAD;
    if (error != 0 || (outcome != 0 && outcome != EOWNERDEAD))
        return "a task has an outcome of its own";
    if (runs > 1 || (outcome == 0 && runs != 1))
        return "a task did not run once";
    return outcome == 0 && answer != number * number ? "a result is wrong" : NULL;
}

/* Some tasks, and a worker that is killed while they run. */
static const char *one_death(struct ilv_pool *pool, uint64_t first, uint64_t *failed)
{
    struct ilv_future *futures[UNDER_WAY];
    const char *wrong = NULL;
    memset(world->runs, 0, sizeof world->runs);
    for (uint64_t i = 0; i < UNDER_WAY; i++)
        if (submit(pool, first + i, &futures[i]) != 0)
            return "the pool is broken";
    pause_at_random();
    int pid = ilv_pool_worker_pid(pool, (unsigned)chance(WORKERS));
    if (pid > 0)
        kill(pid, SIGKILL);
    for (uint64_t i = 0; i < UNDER_WAY; i++) {
        const char *found = judge(futures[i], first + i, failed);
        wrong = wrong != NULL ? wrong : found;
    }
    return wrong;
}

static const char *kill_workers(int kills)
{
    const struct ilv_pool_options options = {
        .kind = ILV_POOL_PROCESSES, .workers = WORKERS, .tasks = UNDER_WAY + 2};
    struct ilv_pool *pool = NULL;
    struct size before = {0, 0};
    uint64_t failed = 0;
    const char *wrong = ilv_pool_new(&pool, &options) == 0 ? NULL : "no pool";
    for (int i = 0; i < kills && wrong == NULL; i++) {
        wrong = one_death(pool, (uint64_t)i * UNDER_WAY, &failed);
        if (failed > (uint64_t)i + 1)
            wrong = "more tasks fail than workers die";
        before = i == kills / 10 ? size_now() : before;
    }
    if (wrong != NULL)
        return wrong;
    printf(
        "pool: %d killed, %lu tasks, %lu failed (at most the one of each), all others ran once\n",
        kills, (unsigned long)kills * UNDER_WAY, (unsigned long)failed);
    size_t grown = mallinfo2().uordblks;
    ilv_pool_close(pool);
    ilv_pool_join(pool);
    ilv_pool_free(pool);
    return grown > before.bytes + GROWTH ? "memory grows" : NULL;
}

static const struct {
    const char *name;
    const char *(*campaign)(int kills);
} kinds[] = {{"senders", kill_senders}, {"receivers", kill_receivers}, {"pool", kill_workers}};

int main(int argc, char **argv)
{
    int kills = (int)wanted_kills(argc, argv);
    int failed = 0;
    begin_campaigns("they hang\n");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!is_wanted(kinds[i].name, argc, argv))
            continue;
        seed_chance();
        world =
            mmap(NULL, sizeof *world, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        const char *wrong = kinds[i].campaign(kills);
        if (wrong != NULL)
            printf("%s: %s\n", kinds[i].name, wrong);
        failed |= wrong != NULL;
        munmap(world, sizeof *world);
    }
    return failed;
}
