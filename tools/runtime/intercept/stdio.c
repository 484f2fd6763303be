/* SPDX-License-Identifier: MIT */
/*
 * stdio.c: the doors of a stream's lock.
 */
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/futex.h>

#include "intercept/doors.h"
#include "objects/stdio_lock.h"

void ilv_door_flockfile(FILE *stream)
{
    if (!ilv__managed()) {
        ilv__real()->flockfile(stream);
        return;
    }
    ilv__enter();
    ilv__stdio_lock(stream);
    ilv__exit();
}

int ilv_door_ftrylockfile(FILE *stream)
{
    ILV_DOOR(int, ftrylockfile(stream), ilv__stdio_trylock(stream));
}

/* Who sleeps in libc on the word is woken by a call that passes the doors, as libc's own does. */
void ilv_door_funlockfile(FILE *stream)
{
    if (!ilv__managed()) {
        ilv__real()->funlockfile(stream);
        return;
    }
    ilv__enter();
    bool wake = ilv__stdio_unlock(stream);
    ilv__exit();
    if (wake)
        syscall(SYS_futex, ilv__stdio_word(stream), FUTEX_WAKE_PRIVATE, 1);
}
