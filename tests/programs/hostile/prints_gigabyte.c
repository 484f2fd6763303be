/* SPDX-License-Identifier: MIT */
/* Prints a gigabyte, and fails. The end of it is told. */
/* options: --runs 1 */
/* status: 1 */
/* tells: exit-status: the program ended with status 3 */
/* says: FOUND exit-status in run 0: prints_gigabyte-exit-status-1.sched */
/* tells: last line */
/* hunts: 1 */
/* memory: 300 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(void)
{
    static char lines[1 << 20];
    memset(lines, '.', sizeof lines);
    for (size_t i = 99; i < sizeof lines; i += 100)
        lines[i] = '\n';
    puts("first line");
    for (int i = 0; i < 1024; i++)
        fwrite(lines, 1, sizeof lines, stdout);
    puts("\nlast line");
    return 3;
}
