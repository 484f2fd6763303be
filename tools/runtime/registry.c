/* SPDX-License-Identifier: MIT */
/*
 * registry.c: the table of objects, found by their place in memory.
 *
 * Objects hang in lists by the page they lie in, so that the end of a range of memory (free,
 * munmap, a stack that goes) finds what lay in it without looking at everything else.
 *
 * The canonical id of an object is the same in every schedule: in a module's data it is the
 * module and the offset; elsewhere the class, the creating task and the how-manyth of that class
 * it was for that task.
 */
#include "runtime.h"

#include <string.h>

#include "hash.h"

#define PAGE_SHIFT 12

static uint32_t *bucket_of(uint64_t address)
{
    uint64_t page = address >> PAGE_SHIFT;
    return &ilv__world.bucket[(page ^ (page >> 9)) % ILV_BUCKETS];
}

uint32_t ilv__object_find(unsigned cls, const void *address)
{
    uint64_t key = (uint64_t)(uintptr_t)address;
    for (uint32_t i = *bucket_of(key); i != 0; i = ilv__object(i)->next_in_page) {
        const struct ilv_object_info *info = ilv__object_info(i);
        if (info->address == key && info->cls == cls && info->state != ILV_OBJECT_GONE)
            return i;
    }
    return 0;
}

static void take_out(uint32_t index)
{
    uint32_t *at = bucket_of(ilv__object_info(index)->address);
    while (*at != 0 && *at != index)
        at = &ilv__object(*at)->next_in_page;
    if (*at == index)
        *at = ilv__object(index)->next_in_page;
    ilv__object_info(index)->state = ILV_OBJECT_GONE;
}

static bool placed(struct ilv_object_info *info)
{
    info->module = ilv__module_of(info->address, &info->offset);
    return info->module != 0;
}

/* A place in a module that was loaded during the run is one, whether the run is recorded or not:
 * the object's id depends on it. */
static void place_in_module(struct ilv_object_info *info)
{
    if (placed(info) || !ilv__world.active || info->address == 0)
        return;
    ilv__modules_refresh();
    placed(info);
}

static uint64_t canonical_id(const struct ilv_object_info *info)
{
    if (info->module != 0) {
        uint64_t where = ilv_hash_combine(info->module, info->offset);
        return ilv_hash_combine(where, (uint64_t)info->cls << 32 | info->generation);
    }
    uint64_t creator = ilv__world.run->task[info->creator].id;
    return ilv_hash_combine(creator, (uint64_t)info->cls << 32 | info->nth);
}

static uint64_t named[ILV_MAX_NAMES]; /* address of run->name[i] */

static uint32_t name_of(uint64_t address)
{
    for (uint32_t i = 0; i < ilv__world.run->name_count; i++)
        if (named[i] == address)
            return i + 1;
    return 0;
}

static void rename_objects_at(uint64_t address, uint32_t name)
{
    for (uint32_t i = *bucket_of(address); i != 0; i = ilv__object(i)->next_in_page)
        if (ilv__object_info(i)->address == address)
            ilv__object_info(i)->name = name;
}

void ilv__object_name_set(const void *address, const char *name)
{
    struct ilv_run *run = ilv__world.run;
    uint64_t key = (uint64_t)(uintptr_t)address;
    uint32_t index = name_of(key);
    if (index == 0) {
        if (run->name_count == ILV_MAX_NAMES)
            return;
        index = ++run->name_count;
    }
    size_t n = strnlen(name, ILV_NAME_SIZE - 1);
    named[index - 1] = key;
    memcpy(run->name[index - 1], name, n);
    run->name[index - 1][n] = 0;
    rename_objects_at(key, index);
}

/* An object that stands where another one of its class stood is the next of its generation. */
static uint32_t generation_after(unsigned cls, const void *address)
{
    uint32_t before = ilv__object_find(cls, address);
    if (before == 0)
        return 0;
    uint32_t generation = ilv__object_info(before)->generation + 1;
    take_out(before);
    return generation;
}

uint32_t ilv__object_make(unsigned cls, const void *address, size_t size)
{
    struct ilv_run *run = ilv__world.run;
    if (run->object_count == ILV_MAX_OBJECTS)
        ilv__limited("too many objects");
    uint32_t generation = address != NULL ? generation_after(cls, address) : 0;
    uint32_t index = run->object_count++;
    struct ilv_object_info *info = ilv__object_info(index);
    struct task *creator = ilv__world.current;
    *info = (struct ilv_object_info){
        .address = (uint64_t)(uintptr_t)address,
        .cls = (uint8_t)cls,
        .state = ILV_OBJECT_LIVE,
        .size = (uint16_t)(size > UINT16_MAX ? UINT16_MAX : size),
        .creator = creator->index,
        .site = ilv__world.record ? ilv__record_site() : 0,
        .made_at = ilv__world.step,
        .nth = ++creator->made[cls],
        .generation = generation,
        .name = address != NULL ? name_of((uint64_t)(uintptr_t)address) : 0,
    };
    place_in_module(info);
    info->id = canonical_id(info);
    struct object *o = ilv__object(index);
    *o = (struct object){.cls = (uint16_t)cls};
    if (address != NULL) {
        o->next_in_page = *bucket_of(info->address);
        *bucket_of(info->address) = index;
    }
    return index;
}

static void end_in_bucket(uint32_t *at, uint64_t start, uint64_t end)
{
    while (*at != 0) {
        uint32_t index = *at;
        struct ilv_object_info *info = ilv__object_info(index);
        if (info->address >= start && info->address < end) {
            *at = ilv__object(index)->next_in_page;
            info->state = ILV_OBJECT_GONE;
        } else {
            at = &ilv__object(index)->next_in_page;
        }
    }
}

void ilv__objects_gone(const void *start, size_t size)
{
    uint64_t from = (uint64_t)(uintptr_t)start;
    uint64_t to = from + size;
    if (size == 0)
        return;
    if ((size >> PAGE_SHIFT) >= ILV_BUCKETS) {
        for (unsigned b = 0; b < ILV_BUCKETS; b++)
            end_in_bucket(&ilv__world.bucket[b], from, to);
        return;
    }
    for (uint64_t page = from >> PAGE_SHIFT; page <= (to - 1) >> PAGE_SHIFT; page++)
        end_in_bucket(bucket_of(page << PAGE_SHIFT), from, to);
}
