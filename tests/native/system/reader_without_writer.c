/* SPDX-License-Identifier: MIT */
/* finding: deadlock channel */
/* The write end stays open in the reader itself: the end of file never comes. */
#include <unistd.h>

int main(void)
{
    int p[2];
    char c;
    if (pipe(p) != 0)
        return 1;
    return (int)read(p[0], &c, 1);
}
