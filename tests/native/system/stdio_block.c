/* SPDX-License-Identifier: MIT */
/* fwrite and fread of more than a pipe holds: writes are cut in parts. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#define BYTES 200000

static int ends[2];

static void *writer(void *unused)
{
    static char block[BYTES];
    FILE *out = fdopen(ends[1], "w");
    for (int i = 0; i < BYTES; i++)
        block[i] = (char)(i * 7);
    size_t n = fwrite(block, 1, sizeof block, out);
    printf("wrote %zu\n", n);
    fclose(out);
    return unused;
}

int main(void)
{
    static char block[BYTES];
    pthread_t thread;
    int good = 0;
    if (pipe(ends) != 0)
        return 1;
    pthread_create(&thread, NULL, writer, NULL);
    FILE *in = fdopen(ends[0], "r");
    size_t n = fread(block, 1, sizeof block, in);
    for (int i = 0; i < BYTES; i++)
        good += block[i] == (char)(i * 7);
    pthread_join(thread, NULL);
    printf("read %zu good %d\n", n, good);
    return 0;
}
