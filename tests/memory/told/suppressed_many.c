/* SPDX-License-Identifier: MIT */
/* More different races in a run than it keeps, and each may be suppressed: that is said. */
/* file: given race:^note$ */
/* options: --runs 3 --suppress given */
/* hunts: 1 */
/* status: 3 */
/* says: LIMITED: none of 3 runs could be judged: over 127 different findings in one run that may be suppressed, --ignore leaves out their kind */
#include <pthread.h>

static long notes[200];

static void *note(void *unused)
{
    for (int i = 0; i < 200; i++)
        notes[i]++;
    return unused;
}

int main(void)
{
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&thread[i], NULL, note, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    return 0;
}
