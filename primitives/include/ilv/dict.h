/* SPDX-License-Identifier: MIT */
/*
 * dict.h: byte strings by byte strings, in an arena.
 *
 * Any number of threads and processes may read and write; each call is one step. A key is 0 to
 * ILV_DICT_KEY_MAX bytes, a value any number, as far as the arena goes. It grows by itself.
 *
 *     struct ilv_dict *dict = ilv_dict_create(arena);
 *     ilv_dict_set(dict, "name", 4, "Ada", 3);
 *     ilv_dict_add_int(dict, "visits", 6, 1, NULL);     makes it 1, then 2, in whatever process
 *     char text[80];
 *     size_t size;
 *     ilv_dict_get(dict, "name", 4, text, sizeof text, &size);
 *
 * Nested: a value may be the reference of a list or of another dict (ilv_arena_ref()). To make one
 * at its first use, so that several writers agree on it and a death loses nothing:
 *
 *     struct ilv_list *names;
 *     ilv_dict_list(dict, "names", 5, &names);
 *     ilv_list_append(names, "Ada", 3);
 *
 * The dict does not know what its values mean: removing a key does not destroy what its value
 * refers to.
 *
 * Deaths: who is killed inside a call has done all of it or nothing, and the memory is neither
 * lost nor used twice. The next call of a survivor puts that right.
 * Blocking: waits for the dict's lock. A call is a bounded number of steps, save growth,
 * items, clear, destroy and check, which take time with the number of keys, and update, which takes
 * what its function takes. Memory order: every call sees what earlier calls wrote.
 * Errors in common: EINVAL for what is null (a null key or value of size 0 is right), destroyed (as
 * long as its memory was not handed out again) or no dict; EMSGSIZE for a key above
 * ILV_DICT_KEY_MAX; ENOMEM and ENOSPC as ilv_arena_alloc(). After an error nothing has changed.
 */
#ifndef ILV_DICT_H
#define ILV_DICT_H

#include <ilv/arena.h>
#include <ilv/items.h>

#ifdef __cplusplus
extern "C" {
#endif

struct ilv_dict;
struct ilv_list;

enum { ILV_DICT_KEY_MAX = 1 << 20 };

/* A new, empty dict. NULL and errno EINVAL, ENOMEM, ENOSPC. */
struct ilv_dict *ilv_dict_create(struct ilv_arena *arena);

/* The dict with that reference. NULL and errno EINVAL when there is none. */
struct ilv_dict *ilv_dict_open(struct ilv_arena *arena, ilv_ref ref);

/* Ends it and frees its memory. Nobody else may be in a call on it. Who is killed inside leaves it
 * as it was, or empty, or gone. 0, EINVAL. */
int ilv_dict_destroy(struct ilv_dict *dict);

/* The value of the key becomes these bytes, whether or not it had one. 0 or the errors in
 * common. */
int ilv_dict_set(struct ilv_dict *dict, const void *key, size_t key_size, const void *value,
                 size_t value_size);

/* The same for a key without value only; EEXIST for one that has. */
int ilv_dict_add(struct ilv_dict *dict, const void *key, size_t key_size, const void *value,
                 size_t value_size);

/* Copies the value of the key into `room` bytes; *size (which may be NULL) is its size. ENOENT: no
 * such key. ERANGE: it has more than `room` bytes; *size says how many, nothing is copied. */
int ilv_dict_get(struct ilv_dict *dict, const void *key, size_t key_size, void *value, size_t room,
                 size_t *size);

/* The same, and takes the key out. With ERANGE it stays. */
int ilv_dict_pop(struct ilv_dict *dict, const void *key, size_t key_size, void *value, size_t room,
                 size_t *size);

/* Takes the key out. ENOENT: no such key. */
int ilv_dict_remove(struct ilv_dict *dict, const void *key, size_t key_size);

/*
 * Changes the value in place. It is made value_size bytes long first (cut, or filled with zero; a
 * key that is absent begins with all zero), then change(value, value_size, context) runs under the
 * lock. When it returns 0 the value is as it left it, else everything stays as it was before the
 * call and that number is the result. Inside, a call on the same dict gives EDEADLK; calls on
 * others are allowed, if all who nest do so in one order. A child forked inside must not touch the
 * value; it gets EPERM. The value is at a multiple of 8.
 */
int ilv_dict_update(struct ilv_dict *dict, const void *key, size_t key_size, size_t value_size,
                    int (*change)(void *value, size_t value_size, void *context), void *context);

/* Values that are integers (8 bytes). get: ENOENT; EBADMSG for a value of another size. add: the
 * key begins with 0, wraps around, gives the sum in *sum (which may be NULL); EBADMSG. */
int ilv_dict_set_int(struct ilv_dict *dict, const void *key, size_t key_size, int64_t value);
int ilv_dict_get_int(struct ilv_dict *dict, const void *key, size_t key_size, int64_t *value);
int ilv_dict_add_int(struct ilv_dict *dict, const void *key, size_t key_size, int64_t delta,
                     int64_t *sum);

/* The list or dict whose reference is the value of the key; made, empty, when the key is absent.
 * EBADMSG: the value is something else. */
int ilv_dict_list(struct ilv_dict *dict, const void *key, size_t key_size, struct ilv_list **list);
int ilv_dict_dict(struct ilv_dict *dict, const void *key, size_t key_size,
                  struct ilv_dict **nested);

/* How many keys. 0, EINVAL. */
int ilv_dict_count(struct ilv_dict *dict, size_t *count);

/* All keys out. 0, EINVAL, ENOMEM, ENOSPC. */
int ilv_dict_clear(struct ilv_dict *dict);

/* All keys and values at this moment, to be freed with ilv_items_free(). 0, EINVAL, ENOMEM. */
int ilv_dict_items(struct ilv_dict *dict, struct ilv_items **items);

/* Is it whole? 0; EUCLEAN; EINVAL. */
int ilv_dict_check(struct ilv_dict *dict);

#ifdef __cplusplus
}
#endif

#endif
