/* SPDX-License-Identifier: MIT */
/* status: 1 */
/* tells: exit-status: the program ended with status 7 */
/* says: FOUND exit-status in run 0: exits_with_seven-exit-status-1.sched */
int main(void)
{
    return 7;
}
