/* SPDX-License-Identifier: MIT */
/* Makes a file that must not be there yet, changes one, removes one. */
/* file: given.txt given */
/* file: old.txt old */
/* options: --fresh-dir */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviour* */
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static void *make(void *name)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (fd < 0 || write(fd, "new\n", 4) != 4 || close(fd) != 0)
        _exit(1);
    return NULL;
}

int main(void)
{
    char first[] = "first.txt", second[] = "second.txt", byte;
    pthread_t thread;
    if (pthread_create(&thread, NULL, make, first) != 0)
        return 2;
    make(second);
    pthread_join(thread, NULL);
    int fd = open("given.txt", O_RDWR);
    if (read(fd, &byte, 1) != 1 || byte != 'g' || pwrite(fd, "X", 1, 0) != 1)
        return 1;
    return unlink("old.txt") == 0 ? 0 : 1;
}
