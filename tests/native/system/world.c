/* SPDX-License-Identifier: MIT */
/* The world of a run: an empty standard input, files with a place of their own, all closed. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "result.h"

int main(void)
{
    char c;
    SHOW(read(0, &c, 1));
    SHOW(lseek(0, 0, SEEK_CUR) >= -1);
    SHOW(write(1, "direct\n", 0));
    int copy = dup(1);
    SHOW(write(copy, "by a copy\n", 10) == 10);
    SHOW(fcntl(1, F_GETFD));
    char path[] = "/tmp/ilv-native-XXXXXX";
    int fd = mkstemp(path);
    SHOW(unlink(path));
    SHOW(write(fd, "0123456789", 10));
    SHOW(pread(fd, &c, 1, 3));
    printf("%c\n", c);
    SHOW(lseek(fd, 0, SEEK_CUR));
    SHOW(open("/nonexistent/file", O_RDONLY));
    for (int i = 3; i < 1024; i++)
        close(i);
    SHOW(read(fd, &c, 1));
    printf("still writing\n");
    return 0;
}
