/* SPDX-License-Identifier: MIT */
/* libc's reads and writes, one call a step; C and C++. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "recorder.h"

char from[64] = "one,two", to[64], other[64] = "one or none";
int numbers[4] = {4, 3, 2, 1};
volatile size_t n = 20;
long out;
int ends[2];
FILE *file;

PROBE void memory(void)
{
    memcpy(to, from, n);
    memmove(to, to + 1, n);
    memset(to, 0, n);
}
PROBE void constant_sizes(void)
{
    memcpy(to, from, 24);
    memset(to + 32, 0, 24);
}
PROBE void compared(void)
{
    out = memcmp(from, other, n);
    out += memchr(from, ',', n) != NULL;
}
PROBE void old_names(void)
{
    bcopy(from, to, n);
    bzero(to, n);
}
PROBE void lengths(void)
{
    out = (long)(strlen(from) + strnlen(other, 2));
}
PROBE void text_copied(void)
{
    strcpy(to, from);
    strncpy(to, other, n);
}
PROBE void text_joined(void)
{
    strcat(to, from);
    strncat(to, from, 3);
}
PROBE void text_compared(void)
{
    out = strcmp(from, other) + strncmp(from, other, 2);
}
PROBE void text_searched(void)
{
    out = strchr(from, ',') != NULL;
    out += strstr(other, from) != NULL;
}
PROBE void text_doubled(void)
{
    char *copy = strdup(from);
    out += copy[1];
    free(copy);
}
PROBE void token(void)
{
    char *rest;
    out += strtok_r(from, ",", &rest) != NULL;
}
PROBE void through_a_pipe(void)
{
    out = write(ends[1], from, n);
    out += read(ends[0], to, sizeof to);
}
PROBE void nothing_read(void)
{
    out = read(-1, to, sizeof to);
}
PROBE void vectors(void)
{
    struct iovec parts[2] = {{to, 4}, {to + 8, 30}};
    out = writev(ends[1], parts, 1);
    out += readv(ends[0], parts, 2);
}
PROBE void sockets(void)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
        return;
    out = send(pair[0], from, 3, 0);
    out += recv(pair[1], to, sizeof to, 0);
    close(pair[0]);
    close(pair[1]);
}
PROBE void streams(void)
{
    out = (long)fwrite(from, 2, 5, file);
    rewind(file);
    out += (long)fread(to, 1, 7, file);
    out += fputs(other, file);
    rewind(file);
    out += fgets(to, 4, file) != NULL;
}
PROBE void formatted(void)
{
    out = snprintf(to, n, "%ld", 12345L);
    out += snprintf(to, 3, "%ld", 12345L);
    out += sprintf(to, "%d!", 7);
}
__attribute__((no_sanitize("thread"))) static int by_value(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
PROBE void sorted(void)
{
    qsort(numbers, 4, sizeof *numbers, by_value);
}

static const struct recorder_step steps[] = {
    {"memory", memory},
    {"constant_sizes", constant_sizes},
    {"compared", compared},
    {"old_names", old_names},
    {"lengths", lengths},
    {"text_copied", text_copied},
    {"text_joined", text_joined},
    {"text_compared", text_compared},
    {"text_searched", text_searched},
    {"text_doubled", text_doubled},
    {"through_a_pipe", through_a_pipe},
    {"nothing_read", nothing_read},
    {"vectors", vectors},
    {"sockets", sockets},
    {"streams", streams},
    {"formatted", formatted},
    {"sorted", sorted},
    {"token", token},
};

int main(void)
{
    file = tmpfile();
    if (pipe(ends) || !file)
        return 1;
    if (recorder_watch) {
        WATCH(from);
        WATCH(to);
        WATCH(other);
        WATCH(numbers);
    }
    recorder_steps(steps, sizeof steps / sizeof *steps);
    printf("%s %s %s %d %ld\n", from, to, other, numbers[0], out);
    return 3;
}
