/* SPDX-License-Identifier: MIT */
/*
 * target.h: whether a command can be run in the sandbox at all, found out before it is started.
 *
 * The sandbox enters a program by preloading a library. That is impossible for programs without
 * dynamic linking, for those that run with another user's rights, and for those of another
 * architecture; a script is as good as its interpreter.
 */
#ifndef ILV_TARGET_H
#define ILV_TARGET_H

#include <stddef.h>

#define ILV_TARGET_PATH 4096

/* The note by which a program may say from which source file it was built (scenario.h does). */
#define ILV_NOTE_NAME "Interleave"
#define ILV_NOTE_SOURCE 1

struct ilv_target {
    char path[ILV_TARGET_PATH]; /* the file that was found for the command */
    char build_id[41];          /* hex; of the interpreter for a script; empty if it has none */
    char source[256]; /* as its note says: scenarios/locks/self-deadlock/buggy.c; or empty */
};

/*
 * Looks for command as a shell would (PATH, when it has no slash) and reads the head of the
 * file. Returns 0, or -ENOENT (no such command), -EACCES (not executable, set-uid), -ENOEXEC (not
 * a program, static, of another architecture) or another -errno, with one line in error.
 */
int ilv_target_check(const char *command, struct ilv_target *target, char *error, size_t size);

#endif
