/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "ilv_test.h"
#include "sanitizers.h"

enum {
    SLOTS = 10,
    KEYS = 11, /* the next one makes the table grow */
    LONG = 300,
};

struct stage stage;

static struct {
    char *bytes;
    size_t size;
    struct ilv_arena_stat alone; /* with nothing but the slots */
} image;

static void must(int error)
{
    if (error != 0) {
        fprintf(stderr, "stage: %s\n", strerror(error));
        abort();
    }
}

static void fill_dict(void)
{
    char text[LONG];
    memset(text, 'v', sizeof text);
    for (int i = 0; i < KEYS; i++) {
        char key[16];
        int size = snprintf(key, sizeof key, "key %d", i);
        must(ilv_dict_set(stage.dict, key, (size_t)size, text, i == 5 ? LONG : (size_t)i * 8));
    }
    must(ilv_dict_set(stage.dict, "gone", 4, NULL, 0));
    must(ilv_dict_remove(stage.dict, "gone",
                         4)); /* its slot stays used, and the table is full now */
}

static void fill_list(void)
{
    char text[LONG];
    memset(text, 'i', sizeof text);
    for (int i = 0; i < 3; i++)
        must(ilv_list_append_int(stage.list, i));
    must(ilv_list_append(stage.list, text, 40));
    must(ilv_list_append(stage.list, text, LONG));
    must(ilv_list_append(stage.list, "short", 5));
    must(ilv_list_append(stage.list, "seven", 5));
    must(ilv_list_append(stage.list, "eight", 5)); /* the table is full now */
}

/* Two free blocks in one bin, of which the one that is not its first lies before the block of slot
 * 4, and the block of slot 8, which would be the third. */
static void fill_bin(void)
{
    static const size_t sizes[] = {480, 100, 100, 480, 100, 480, 100};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        must(ilv_arena_alloc_into(stage.arena, sizes[i], &stage.slots[3 + i]));
        memset(ilv_arena_at(stage.arena, stage.slots[3 + i]), 'b', sizes[i]);
    }
    must(ilv_arena_free_from(stage.arena, &stage.slots[3]));
    must(ilv_arena_free_from(stage.arena, &stage.slots[6]));
}

static void fill(void)
{
    stage.arena = ilv_arena_create(NULL, 0, 1 << 20);
    if (stage.arena == NULL)
        abort();
    stage.slots = ilv_arena_alloc(stage.arena, SLOTS * sizeof *stage.slots);
    must(ilv_arena_stat(stage.arena, &image.alone));
    must(ilv_arena_alloc_into(stage.arena, 100, &stage.slots[0]));
    stage.value = ilv_value_create_int(stage.arena, 7);
    stage.array = ilv_array_create(stage.arena, 100, 8);
    stage.dict = ilv_dict_create(stage.arena);
    stage.list = ilv_list_create(stage.arena);
    stage.empty = ilv_list_create(stage.arena);
    fill_dict();
    fill_list();
    fill_bin();
}

/* The file's bytes, through a mapping of its own. */
static char *file(size_t size)
{
    void *base =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ilv_arena_descriptor(stage.arena), 0);
    if (base == MAP_FAILED)
        abort();
    return base;
}

static uint64_t contents(void);

/*
 * A lock asks for the lines of /proc/self/maps once, which are a million instructions under
 * ThreadSanitizer, to be stepped through in each child: there the image is one of locks that were
 * used.
 */
struct ilv_arena *stage_prepare(void)
{
    struct ilv_arena_stat now;
    if (stage.arena == NULL) {
        fill();
        if (ON_TSAN)
            (void)contents();
        must(ilv_arena_stat(stage.arena, &now));
        image.size = now.size;
        image.bytes = malloc(image.size);
        char *base = file(image.size);
        memcpy(image.bytes, base, image.size);
        munmap(base, image.size);
    }
    must(ilv_arena_stat(stage.arena, &now));
    char *base = file(now.size);
    memcpy(base, image.bytes, image.size);
    memset(base + image.size, 0, now.size - image.size);
    munmap(base, now.size);
    return stage.arena;
}

/* A number for the contents, that tells different ones apart. */
static uint64_t mixed(uint64_t sum, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    sum = (sum ^ size) * 0x100000001b3ULL;
    for (size_t i = 0; i < size; i++)
        sum = (sum ^ at[i]) * 0x100000001b3ULL;
    return sum;
}

static uint64_t of_list(uint64_t sum, struct ilv_list *list)
{
    struct ilv_items *items = NULL;
    if (list == NULL || ilv_list_slice(list, 0, SIZE_MAX, &items) != 0)
        return mixed(sum, "gone", 4);
    for (size_t i = 0; i < ilv_items_count(items); i++) {
        struct ilv_item item = ilv_items_at(items, i);
        sum = mixed(sum, item.value, item.value_size);
    }
    ilv_items_free(items);
    return mixed(sum, "list", 4);
}

/* A nested object counts as what it holds: nothing. Its place may be another each time. */
static bool nested_key(struct ilv_item item)
{
    return item.key_size == 4 && memcmp(item.key, "nest", 4) == 0;
}

static uint64_t of_dict(uint64_t sum, struct ilv_dict *dict)
{
    struct ilv_items *items = NULL;
    uint64_t all = 0;
    if (dict == NULL || ilv_dict_items(dict, &items) != 0)
        return mixed(sum, "gone", 4);
    for (size_t i = 0; i < ilv_items_count(items); i++) {
        struct ilv_item item = ilv_items_at(items, i);
        uint64_t one = mixed(0xcbf29ce484222325ULL, item.key, item.key_size);
        all += nested_key(item) ? one : mixed(one, item.value, item.value_size);
    }
    ilv_items_free(items);
    return mixed(sum, &all, sizeof all);
}

/* In whatever order. */
static uint64_t of_slots(uint64_t sum)
{
    uint64_t all = 0;
    for (size_t i = 0; i < SLOTS; i++) {
        unsigned char *block = ilv_arena_at(stage.arena, stage.slots[i]);
        uint64_t one = block != NULL ? 1U : 0U;
        for (size_t at = 0; block != NULL && at < 32; at++)
            one += block[at];
        all += one;
    }
    return mixed(sum, &all, sizeof all);
}

static uint64_t contents(void)
{
    int64_t number = -1;
    int64_t elements[100] = {0};
    ilv_value_get_int(stage.value, &number);
    ilv_array_get(stage.array, 0, 100, elements);
    uint64_t sum = mixed(0xcbf29ce484222325ULL, &number, sizeof number);
    sum = mixed(sum, elements, sizeof elements);
    return of_slots(of_list(of_dict(of_list(sum, stage.list), stage.dict), stage.empty));
}

static bool structures_hold(void)
{
    int dict = ilv_dict_check(stage.dict);
    int list = ilv_list_check(stage.list);
    return ILV_CHECK(dict == 0 || dict == EINVAL) && ILV_CHECK(list == 0 || list == EINVAL) &&
           ILV_CHECK_INT(ilv_list_check(stage.empty), 0) &&
           ILV_CHECK_INT(ilv_array_check(stage.array), 0) &&
           ILV_CHECK_INT(ilv_arena_check(stage.arena), 0);
}

static void destroy_nested(void)
{
    int64_t ref = 0;
    if (ilv_dict_get_int(stage.dict, "nest", 4, &ref) != 0)
        return;
    struct ilv_list *list = ilv_list_open(stage.arena, (ilv_ref)ref);
    struct ilv_dict *dict = ilv_dict_open(stage.arena, (ilv_ref)ref);
    ILV_CHECK(list != NULL || dict != NULL);
    ILV_CHECK_INT(list != NULL ? ilv_list_destroy(list) : ilv_dict_destroy(dict), 0);
}

/* Each object takes one change more, and then nothing is left of any. */
static bool usable_and_freed(void)
{
    struct ilv_arena_stat stat;
    int64_t number;
    bool gone = ilv_dict_set_int(stage.dict, "one more", 8, 1) == EINVAL;
    bool well = gone || ILV_CHECK_INT(ilv_dict_get_int(stage.dict, "one more", 8, &number), 0);
    int error = ilv_list_append(stage.list, "one more item", 13);
    well = well && ILV_CHECK(error == 0 || error == EINVAL) &&
           ILV_CHECK_INT(ilv_list_append(stage.empty, "one more item", 13), 0) &&
           ILV_CHECK_INT(ilv_array_set_int(stage.array, 5, 1), 0) &&
           ILV_CHECK_INT(ilv_value_add(stage.value, 1, NULL), 0) && structures_hold();
    destroy_nested();
    ilv_dict_destroy(stage.dict);
    ilv_list_destroy(stage.list);
    well = ILV_CHECK_INT(ilv_list_destroy(stage.empty), 0) && well;
    well = ILV_CHECK_INT(ilv_array_destroy(stage.array), 0) && well;
    well = ILV_CHECK_INT(ilv_value_destroy(stage.value), 0) && well;
    for (size_t i = 0; i < SLOTS; i++)
        well = ILV_CHECK_INT(ilv_arena_free_from(stage.arena, &stage.slots[i]), 0) && well;
    must(ilv_arena_stat(stage.arena, &stat));
    return ILV_CHECK_U64(stat.used, image.alone.used) &&
           ILV_CHECK_U64(stat.blocks, image.alone.blocks) &&
           ILV_CHECK_INT(ilv_arena_check(stage.arena), 0) && well;
}

static struct {
    const struct operation *operation;
    uint64_t before;
    uint64_t then;
    uint64_t twice; /* when who came second did it as well */
} known;

/* What the contents are before and after the operation; asked for once for each. That one death
 * could show the contents of two operations is excluded by the operation that runs once. */
static void learn(const struct operation *operation, uint64_t found)
{
    known.operation = operation;
    known.then = found;
    stage_prepare();
    known.before = contents();
    ILV_CHECK(known.before != known.then);
    stage_prepare();
    operation->run();
    operation->run();
    known.twice = contents();
    stage_prepare();
    operation->run();
}

static bool is_known(uint64_t found)
{
    return found == known.before || found == known.then || found == known.twice;
}

/* Contents are looked at twice: the heap is repaired by the first who allocates or checks. */
static bool verify(const struct operation *operation, const char *after, bool may_be_other)
{
    uint64_t found = contents();
    if (known.operation != operation)
        learn(operation, found);
    bool well = structures_hold();
    uint64_t repaired = contents();
    well = well && usable_and_freed() &&
           (may_be_other || (ILV_CHECK(is_known(found)) && ILV_CHECK(is_known(repaired))));
    if (!well)
        fprintf(stderr, "%s: after %s\n", operation->name, after);
    return well;
}

bool stage_verify(const struct operation *operation, const char *after)
{
    return verify(operation, after, false);
}

bool stage_verify_clearing(const struct operation *operation, const char *after)
{
    return verify(operation, after, true);
}
