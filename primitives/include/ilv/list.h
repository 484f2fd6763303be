/* SPDX-License-Identifier: MIT */
/*
 * list.h: byte strings in order, in an arena.
 *
 * Any number of threads and processes may read and write; each call is one step. An item is any
 * number of bytes, also none. Items of at most 8 bytes need no block of their own, so that
 * integers are cheap.
 *
 *     struct ilv_list *list = ilv_list_create(arena);
 *     ilv_list_append(list, "first", 5);
 *     ilv_list_append_int(list, 2);
 *     ilv_list_insert(list, 0, "new first", 9);
 *     ilv_list_pop(list, ILV_LIST_LAST, text, sizeof text, &size);
 *
 * Both ends are cheap; in the middle the table of items is copied. Indexes begin with 0;
 * ILV_LIST_LAST is the last item, whichever that is.
 *
 * Nested: an item may be the reference of a list or dict (ilv_arena_ref()), as an integer. Taking
 * it out does not destroy what it refers to.
 *
 * Deaths: who is killed inside a call has done all of it or nothing, and the memory is neither
 * lost nor used twice. The next call of a survivor puts that right.
 * Blocking: waits for the list's lock. A call at an end is a bounded number of steps, save growth.
 * Memory order: every call sees what earlier calls wrote.
 * Errors in common: EINVAL for what is null (a null item of size 0 is right), destroyed (as long as
 * its memory was not handed out again) or no list; ENOENT for an index that is not there; ENOMEM
 * and ENOSPC as ilv_arena_alloc(). After an error nothing has changed.
 */
#ifndef ILV_LIST_H
#define ILV_LIST_H

#include <ilv/arena.h>
#include <ilv/items.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_list;

#define ILV_LIST_LAST SIZE_MAX

/* A new, empty list. NULL and errno EINVAL, ENOMEM, ENOSPC. */
struct ilv_list *ilv_list_create(struct ilv_arena *arena);

/* The list with that reference. NULL and errno EINVAL when there is none. */
struct ilv_list *ilv_list_open(struct ilv_arena *arena, ilv_ref ref);

/* Ends it and frees its memory. Nobody else may be in a call on it. Who is killed inside leaves it
 * as it was, or empty, or gone. 0, EINVAL. */
int ilv_list_destroy(struct ilv_list *list);

/* One item more, at the end. */
int ilv_list_append(struct ilv_list *list, const void *item, size_t size);

/* The same when no item has these bytes; EEXIST when one has. Takes time with the length. */
int ilv_list_append_if_absent(struct ilv_list *list, const void *item, size_t size);

/* One item more, before item `at`; at the end when `at` is the length. */
int ilv_list_insert(struct ilv_list *list, size_t at, const void *item, size_t size);

/* Other bytes for item `at`. */
int ilv_list_set(struct ilv_list *list, size_t at, const void *item, size_t size);

/* Copies item `at` into `room` bytes; *size (which may be NULL) is its size. ERANGE: it has more
 * than `room` bytes; *size says how many, nothing is copied. */
int ilv_list_get(struct ilv_list *list, size_t at, void *item, size_t room, size_t *size);

/* The same, and takes the item out. With ERANGE it stays. */
int ilv_list_pop(struct ilv_list *list, size_t at, void *item, size_t room, size_t *size);

/* Takes out `count` items from `first` on. ENOENT when there are not as many. */
int ilv_list_remove(struct ilv_list *list, size_t first, size_t count);

/* The index of the first item with these bytes. ENOENT: none has them. */
int ilv_list_find(struct ilv_list *list, const void *item, size_t size, size_t *at);

/*
 * Changes item `at` in place: change(item, size, context) runs under the lock. When it returns 0
 * the item is as it left it, else as it was and that number is the result. Inside, a call on the
 * same list gives EDEADLK. A child forked inside must not touch the item; it gets EPERM. The item
 * is at a multiple of 8.
 */
int ilv_list_update(struct ilv_list *list, size_t at,
                    int (*change)(void *item, size_t size, void *context), void *context);

/* Items that are integers (8 bytes). EBADMSG for an item of another size. */
int ilv_list_append_int(struct ilv_list *list, int64_t item);
int ilv_list_get_int(struct ilv_list *list, size_t at, int64_t *item);
int ilv_list_set_int(struct ilv_list *list, size_t at, int64_t item);

/* How many items. 0, EINVAL. */
int ilv_list_count(struct ilv_list *list, size_t *count);

/* All items out. 0, EINVAL. */
int ilv_list_clear(struct ilv_list *list);

/* `count` items from `first` on at this moment (fewer when the list ends before; SIZE_MAX: all), to
 * be freed with ilv_items_free(). 0, EINVAL, ENOMEM (of this process). */
int ilv_list_slice(struct ilv_list *list, size_t first, size_t count, struct ilv_items **items);

/* Is it whole? 0; EUCLEAN; EINVAL. */
int ilv_list_check(struct ilv_list *list);

#ifdef __cplusplus
}
#endif

#endif
