/* SPDX-License-Identifier: MIT */
/*
 * arena.h: memory that several processes share, and what lies in it.
 *
 * An arena is a piece of memory that each process sees at an address of its own, with an allocator
 * inside that all of them use. It grows without moving: every process maps the whole `limit` at
 * once, which costs addresses and no memory, and the file behind it is made longer when needed.
 *
 * Three ways to another process:
 *  - fork: a child has the parent's arenas, at the same address;
 *  - a descriptor, sent over a socket or kept open over exec: ilv_arena_attach_fd();
 *  - a name: ilv_arena_create("/jobs", ...) here, ilv_arena_attach("/jobs") there.
 *
 * What lies in an arena must not hold addresses, for they differ between processes. It holds
 * references (ilv_ref): offsets, 0 is none. What is in <ilv/value.h>, array.h, dict.h and list.h
 * is used by pointer: each process makes its own from the reference.
 *
 *     struct ilv_arena *arena = ilv_arena_create(NULL, 0, 0);
 *     struct ilv_dict *dict = ilv_dict_create(arena);
 *     ilv_arena_set_root(arena, ilv_arena_ref(arena, dict));
 *     if (fork() == 0) {
 *         ilv_dict_set_int(dict, "answer", 6, 42);
 *         _exit(0);
 *     }
 *     ...
 *     struct ilv_arena *there = ilv_arena_attach_fd(fd);       another process, after exec
 *     struct ilv_dict *same = ilv_dict_open(there, ilv_arena_root(there));
 *
 * Deaths. A process may be killed at any instruction of any call. The next call of a survivor
 * finds out by the robust lock, puts back what the dead one had begun, and goes on; nothing is
 * returned to the caller about it. An operation has then happened as a whole or not at all. What
 * can be lost: a block whose pointer the dead process alone knew, one for each call of
 * ilv_arena_alloc() or ..._create() that had not stored its result in shared memory. Nobody can
 * lose one who uses ilv_arena_alloc_into(). A machine that loses power is not meant.
 *
 * What walks over all memory of a process walks over the whole limit: valgrind's search for leaks
 * takes long with an arena of a big one (--leak-check=no).
 *
 * Blocking: the calls that allocate or free wait for the arena's lock, which is held for a bounded
 * number of steps, longer when a block is cleared or the file grows. The others never block.
 * Memory order: a call that takes the lock sees what all earlier holders wrote. ilv_arena_root()
 * acquires what ilv_arena_set_root() released.
 *
 * Wrong arguments are answered as far as they can be known: a null pointer and a pointer that is no
 * block of the arena give EINVAL. An arena that was detached is gone: using it is using unmapped
 * memory. A named arena whose file is cut short while it is attached kills who touches the missing
 * part (SIGBUS); one without a name cannot be cut short. All processes share a space of pids.
 */
#ifndef ILV_ARENA_H
#define ILV_ARENA_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_arena; /* this process's view; dies with detach, with exec, and is inherited by fork */

/* The place of something in an arena, the same in every process. 0 is none. */
typedef uint64_t ilv_ref;

enum {
    ILV_ARENA_VERSION = 2,
    ILV_ARENA_SMALLEST = 65536,      /* bytes; a smaller limit is refused */
    ILV_ARENA_NAME_MAX = 200,        /* bytes of a name, with the slash */
    ILV_ARENA_USUAL_LIMIT = 1 << 30, /* what a limit of 0 means */
};

struct ilv_arena_stat {
    size_t size;   /* bytes that the arena has now */
    size_t limit;  /* bytes that it can grow to */
    size_t used;   /* bytes of blocks in use, with what the allocator keeps for each */
    size_t blocks; /* blocks in use */
};

/*
 * A new arena of `size` bytes (0: the smallest) that can grow to `limit` (0: the usual limit; both
 * are rounded up to whole pages). With name NULL it has no name and goes when the last process that
 * has it ends. A name is '/' and other characters without '/', as with shm_open; the arena
 * then lasts until ilv_arena_unlink() and the last detach, is for the same user only (mode 0600),
 * and appears complete or not at all, whatever dies. NULL and errno:
 *   EINVAL  bad name, size above limit, limit below ILV_ARENA_SMALLEST
 *   EEXIST  the name is taken      ENAMETOOLONG  above ILV_ARENA_NAME_MAX
 *   ENOMEM  no addresses for the limit      ENOSPC  no memory for the size
 *   EMFILE, ENFILE, EACCES  as open() says
 */
struct ilv_arena *ilv_arena_create(const char *name, size_t size, size_t limit);

/*
 * The arena of that name, or the one behind a descriptor (which stays the caller's: it is
 * duplicated). NULL and errno:
 *   EINVAL  null or bad name      ENOENT  no such name      EBADF  no descriptor
 *   EBADMSG  not an arena      EPROTONOSUPPORT  an arena of another version of this library
 *   ENODATA  an arena that was cut short      ENOMEM, EMFILE, ENFILE, EACCES
 */
struct ilv_arena *ilv_arena_attach(const char *name);
struct ilv_arena *ilv_arena_attach_fd(int fd);

/* The descriptor of the arena, to send or to keep over exec (it is close-on-exec). It stays the
 * arena's: do not close it. -1 for a null arena. */
int ilv_arena_descriptor(const struct ilv_arena *arena);

/* Takes the arena out of this process; pointers into it are dead. Others do not notice, nothing is
 * destroyed. No other thread may be in a call on it. 0, EINVAL. */
int ilv_arena_detach(struct ilv_arena *arena);

/* Frees the name; who is attached keeps the arena. 0, EINVAL, ENAMETOOLONG, ENOENT, EACCES. */
int ilv_arena_unlink(const char *name);

/*
 * A block of `size` bytes, all zero, at a multiple of 16. NULL and errno EINVAL (null, size 0),
 * ENOMEM (the arena is full: at its limit), ENOSPC (the system has no memory for its growth); then
 * nothing has changed. Who is killed before the reference is stored somewhere loses the block.
 */
void *ilv_arena_alloc(struct ilv_arena *arena, size_t size);

/*
 * The same, and the block's reference is stored in *slot, which lies in the arena: both happen or
 * none. The lock that guards *slot is held by the caller. What *slot held before is overwritten.
 * 0, EINVAL (also a slot outside the arena), ENOMEM, ENOSPC.
 */
int ilv_arena_alloc_into(struct ilv_arena *arena, size_t size, ilv_ref *slot);

/* Gives a block back. 0; EINVAL for what is no block in use (also one that was freed already, as
 * long as its memory was not handed out again). NULL for the block is 0 and nothing happens. */
int ilv_arena_free(struct ilv_arena *arena, void *block);

/* Gives the block back whose reference stands in *slot, and stores 0 there: both happen or none.
 * 0 (also when *slot is 0), EINVAL. */
int ilv_arena_free_from(struct ilv_arena *arena, ilv_ref *slot);

/* The reference of something inside the arena; 0 for what lies outside. */
ilv_ref ilv_arena_ref(const struct ilv_arena *arena, const void *inside);

/* The address here of what has that reference; NULL for 0 and for what lies outside. */
void *ilv_arena_at(const struct ilv_arena *arena, ilv_ref ref);

/* One reference for everybody, by which those who attach find the rest. 0 at first. set: 0 or
 * EINVAL (outside the arena). */
ilv_ref ilv_arena_root(const struct ilv_arena *arena);
int ilv_arena_set_root(struct ilv_arena *arena, ilv_ref ref);

/* What is used. 0, EINVAL. */
int ilv_arena_stat(struct ilv_arena *arena, struct ilv_arena_stat *stat);

/* Looks at every block: 0; EUCLEAN when something was overwritten; EINVAL. Takes the lock for a
 * time that grows with the number of blocks. */
int ilv_arena_check(struct ilv_arena *arena);

#ifdef __cplusplus
}
#endif

#endif
