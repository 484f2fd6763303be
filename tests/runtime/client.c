/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(2);
}

void client_make(struct client *client)
{
    struct ilv_block *block;
    client->block_fd = memfd_create("client", MFD_CLOEXEC);
    if (client->block_fd < 0 || ftruncate(client->block_fd, sizeof *block) != 0)
        die("memfd");
    block = mmap(NULL, sizeof *block, PROT_READ | PROT_WRITE, MAP_SHARED, client->block_fd, 0);
    if (block == MAP_FAILED)
        die("mmap");
    block->magic = ILV_CONTROL_MAGIC;
    block->version = ILV_CONTROL_VERSION;
    block->size_low = (uint32_t)sizeof *block;
    block->config.cpus = 4;
    block->config.detectors = (1u << ILV_DETECTOR_COUNT) - 1;
    block->config.stdin_fd = -1;
    client->block = block;
}

static uint32_t await(const struct client *client, uint32_t *value)
{
    struct ilv_answer a = {0};
    if (read(client->answer, &a, sizeof a) != (ssize_t)sizeof a)
        return 0;
    *value = a.value;
    return a.what;
}

uint32_t client_start(struct client *client, char **argv, const char *runtime)
{
    int to[2];
    int from[2];
    char control[64];
    uint32_t unused;
    if (pipe2(to, O_CLOEXEC) != 0 || pipe2(from, O_CLOEXEC) != 0)
        die("pipe");
    snprintf(control, sizeof control, "%u:%d:%d:%d", ILV_CONTROL_VERSION, client->block_fd, to[0],
             from[1]);
    client->pid = fork();
    if (client->pid == 0) {
        fcntl(client->block_fd, F_SETFD, 0);
        fcntl(to[0], F_SETFD, 0);
        fcntl(from[1], F_SETFD, 0);
        setenv(ILV_CONTROL_VARIABLE, control, 1);
        setenv("LD_PRELOAD", runtime, 1);
        setenv("LD_BIND_NOW", ILV_BIND_NOW, 0);
        setenv("GOMP_SPINCOUNT", ILV_SPIN_COUNT, 0);
        execvp(argv[0], argv);
        die(argv[0]);
    }
    close(to[0]);
    close(from[1]);
    client->command = to[1];
    client->answer = from[0];
    return await(client, &unused);
}

uint32_t client_run(struct client *client, uint32_t count)
{
    struct ilv_command c = {.what = ILV_COMMAND_RUN, .count = count};
    uint32_t done = 0;
    if (write(client->command, &c, sizeof c) != (ssize_t)sizeof c ||
        await(client, &done) != ILV_ANSWER_DONE)
        die("the program is gone");
    return done;
}

void client_stop(struct client *client)
{
    close(client->command);
    close(client->answer);
    waitpid(client->pid, NULL, 0);
    munmap(client->block, sizeof *client->block);
    close(client->block_fd);
}
