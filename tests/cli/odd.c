/* SPDX-License-Identifier: MIT */
/*
 * The program of the tests that use the real runtime: odd MODE
 *
 *   spin      computes for ever in a second thread
 *   block     sleeps in the kernel for ever, in a call that no model knows
 *   cat       copies its standard input
 *   make      makes the file "made", which must not be there
 *   cpus N    fails unless it sees N processors
 *   close     closes all descriptors, then makes a thread
 *   output    two threads write a line each
 *   fork      makes a process
 *   loud      writes 64 MiB
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void *idle(void *unused)
{
    return unused;
}

static void *spin(void *unused)
{
    volatile unsigned long count = 0;
    while (count + 1)
        count++;
    return unused;
}

static void *write_line(void *line)
{
    return write(1, line, 4) < 0 ? line : NULL;
}

static int with_thread(void *(*body)(void *), void *argument)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, body, argument) || pthread_join(thread, NULL);
}

static int run_spin(const char *unused)
{
    (void)unused;
    return with_thread(spin, NULL);
}

/* A file lease of ours is broken by ourselves: the open waits for a minute. */
static int run_block(const char *unused)
{
    (void)unused;
    int fd = open("lease", O_CREAT | O_RDWR, 0600);
    if (fd < 0 || fcntl(fd, F_SETLEASE, F_WRLCK))
        return 1;
    return open("lease", O_RDONLY) < 0;
}

static int run_cat(const char *unused)
{
    int c;
    (void)unused;
    while ((c = getchar()) != EOF)
        putchar(c);
    return 0;
}

static int run_make(const char *unused)
{
    (void)unused;
    return open("made", O_CREAT | O_EXCL | O_WRONLY, 0600) < 0;
}

static int run_cpus(const char *wanted)
{
    return sysconf(_SC_NPROCESSORS_ONLN) != atoi(wanted);
}

static int run_close(const char *unused)
{
    (void)unused;
    for (int fd = 0; fd < 4096; fd++)
        close(fd);
    return with_thread(idle, NULL);
}

static int run_output(const char *unused)
{
    static char one[] = "one\n", two[] = "two\n";
    pthread_t thread;
    (void)unused;
    if (pthread_create(&thread, NULL, write_line, one))
        return 1;
    write_line(two);
    return pthread_join(thread, NULL);
}

static int run_fork(const char *unused)
{
    (void)unused;
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return waitpid(pid, NULL, 0) != pid;
}

static int run_loud(const char *unused)
{
    static char block[65536];
    (void)unused;
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 1024; i++) {
        if (write(1, block, sizeof block) != (ssize_t)sizeof block)
            return 1;
    }
    return 0;
}

static const struct {
    const char *name;
    int (*run)(const char *argument);
} modes[] = {{"spin", run_spin},     {"block", run_block}, {"cat", run_cat},
             {"make", run_make},     {"cpus", run_cpus},   {"close", run_close},
             {"output", run_output}, {"fork", run_fork},   {"loud", run_loud}};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof modes / sizeof *modes; i++) {
        if (!strcmp(modes[i].name, argv[1]))
            return modes[i].run(argc > 2 ? argv[2] : "");
    }
    return 9;
}
