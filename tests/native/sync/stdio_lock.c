/* SPDX-License-Identifier: MIT */
/* flockfile keeps a stream for its thread, over several calls and recursively. */
#include <stdlib.h>

#include "result.h"

static char *text;
static size_t size;
static FILE *stream;

static void *write_line(void *word)
{
    for (int i = 0; i < 3; i++) {
        flockfile(stream);
        fputs(word, stream);
        sched_yield();
        flockfile(stream);
        putc_unlocked(' ', stream);
        sched_yield();
        funlockfile(stream);
        sched_yield();
        fprintf(stream, "%s\n", (const char *)word);
        funlockfile(stream);
    }
    return NULL;
}

static void *try_it(void *unused)
{
    (void)unused;
    int error = ftrylockfile(stream);
    printf("trylock by another: %d\n", error != 0);
    if (error == 0)
        funlockfile(stream);
    return NULL;
}

static int wrong_lines(void)
{
    int wrong = 0;
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
        if (strcmp(line, "one one") != 0 && strcmp(line, "two two") != 0)
            wrong++;
    return wrong;
}

int main(void)
{
    static char one[] = "one";
    static char two[] = "two";
    pthread_t thread[2];
    stream = open_memstream(&text, &size);
    pthread_create(&thread[0], NULL, write_line, one);
    pthread_create(&thread[1], NULL, write_line, two);
    pthread_join(thread[0], NULL);
    pthread_join(thread[1], NULL);
    SHOW_VALUE(ftrylockfile(stream));
    SHOW_VALUE(ftrylockfile(stream));
    in_thread(try_it, NULL);
    funlockfile(stream);
    in_thread(try_it, NULL);
    funlockfile(stream);
    in_thread(try_it, NULL);
    fclose(stream);
    SHOW_VALUE(size);
    SHOW_VALUE(wrong_lines());
    free(text);
    return 0;
}
