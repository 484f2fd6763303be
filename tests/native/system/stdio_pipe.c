/* SPDX-License-Identifier: MIT */
/* stdio on a pipe: fputs and getline between two threads block inside libc, below its symbols. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINES 40

static int ends[2];

static void *writer(void *unused)
{
    FILE *out = fdopen(ends[1], "w");
    for (int i = 0; i < LINES; i++) {
        fprintf(out, "line %d\n", i);
        if (i % 3 == 0)
            fflush(out);
    }
    printf("closed %d\n", fclose(out));
    return unused;
}

int main(void)
{
    pthread_t thread;
    char *line = NULL;
    size_t room = 0;
    int lines = 0;
    printf("pipe %d\n", pipe(ends));
    pthread_create(&thread, NULL, writer, NULL);
    FILE *in = fdopen(ends[0], "r");
    while (getline(&line, &room, in) > 0) {
        int number = -1;
        sscanf(line, "line %d", &number);
        lines += number == lines;
    }
    pthread_join(thread, NULL);
    printf("lines %d eof %d error %d\n", lines, feof(in), ferror(in));
    free(line);
    return fclose(in);
}
