/* SPDX-License-Identifier: MIT */
/*
 * places.c: from words to places and back.
 *
 * Places of the heap are looked for at every allocation: they hang in a table by the hash of the
 * stack at which their blocks are allocated.
 */
#include "objects/places.h"

#include "hash.h"
#include "objects/memory.h"

#define ABOVE_DESCRIPTOR 4096 /* as in objects/thread.c */
#define SITES 4096u
#define REUSE_ABOVE (ILV_MAX_OBJECTS / 2)
#define MAIN_STACK (UINT64_C(64) << 20)

struct known {
    const struct ilv_location *place;
    uint16_t next; /* index + 1 */
    bool watch;
};

static struct known known[ILV_MAX_PLACES + ILV_RUN_PLACES];
static uint32_t known_count;
static uint16_t of_site[SITES]; /* index + 1 into known[] */
static uint32_t object_of_place[SITES];
static uint64_t main_stack_top;

void ilv__memory_main_stack(const void *top)
{
    main_stack_top = (uint64_t)(uintptr_t)top;
}

/* ---- places of words ---------------------------------------------------------------------- */

static bool in_module(uint64_t word, struct ilv_location *p)
{
    uint64_t frame = ilv__frame_of(word);
    if (frame == 0)
        return false;
    *p = (struct ilv_location){.kind = ILV_LOCATION_GLOBAL, .offset = ilv_frame_offset(frame)};
    p->frame[0] = ilv_frame(ilv_frame_module(frame), 0);
    return true;
}

static bool in_block(uint64_t word, struct ilv_location *p)
{
    const struct block *block = ilv__block_of(word);
    if (block == NULL)
        return false;
    *p = (struct ilv_location){.kind = ILV_LOCATION_HEAP, .offset = word - block->address};
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH && block->frame[i] != 0; i++)
        p->frame[i] = ilv__frame_of(block->frame[i]);
    return p->frame[0] != 0;
}

bool ilv__place_stack(const struct task *t, uint64_t *bottom, uint64_t *top)
{
    if (t->index == 0) {
        *top = main_stack_top;
        *bottom = main_stack_top - MAIN_STACK;
        return main_stack_top != 0;
    }
    if (t->start == NULL || t->stack_size <= ABOVE_DESCRIPTOR)
        return false;
    *top = ((uint64_t)t->handle | (ABOVE_DESCRIPTOR - 1)) + 1;
    *bottom = (uint64_t)t->handle + ABOVE_DESCRIPTOR - t->stack_size;
    return true;
}

/* The task in whose stack the word lies, the latest one if several had it; NULL if none. */
static const struct task *stack_owner(uint64_t word, uint64_t *top)
{
    const struct world *w = &ilv__world;
    for (uint32_t i = w->run->task_count; i-- > 0;) {
        uint64_t bottom;
        if (ilv__place_stack(&w->task[i], &bottom, top) && word >= bottom && word < *top)
            return &w->task[i];
    }
    return NULL;
}

static bool in_stack(uint64_t word, struct ilv_location *p)
{
    uint64_t top;
    const struct task *t = stack_owner(word, &top);
    if (t == NULL)
        return false;
    *p = (struct ilv_location){.kind = ILV_LOCATION_STACK, .offset = top - word};
    p->frame[0] = t->info->id;
    return true;
}

bool ilv__place_of(uint64_t word, struct ilv_location *p)
{
    return in_module(word, p) || in_block(word, p) || in_stack(word, p);
}

/* ---- objects ------------------------------------------------------------------------------ */

static uint64_t word_of(uint64_t address)
{
    return address & ~(uint64_t)(ILV_LOCATION_WORD - 1);
}

/* What a story needs to name it: the block and where it was allocated, or the stack. It is named
 * after a byte of the word, the one that was used first (it may lie past the end of the block);
 * that may be another one in a replay, which keeps more accesses, so its identity is that of the
 * word. */
static void describe_heap(struct ilv_object_info *info, const struct ilv_location *place)
{
    const struct block *block = ilv__block_of(word_of(info->address));
    info->flags = ILV_LOCATION_HEAP;
    info->creator = block->task;
    info->nth = block->nth;
    info->offset = info->address - block->address;
    info->size = (uint16_t)(block->size > UINT16_MAX ? UINT16_MAX : block->size);
    uint64_t id = ilv_hash_combine(ilv__world.run->task[block->task].id, block->nth);
    info->id = ilv_hash_combine(id, place->offset);
    void *stack[ILV_LOCATION_DEPTH];
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH; i++)
        stack[i] = (void *)(uintptr_t)block->frame[i];
    info->site = ilv__record_stack(stack, ILV_LOCATION_DEPTH);
}

/* In which function's frame it lies. */
static void describe_local(struct ilv_object_info *info, const struct task *owner)
{
    struct frame frame;
    if (!ilv__world.record || !ilv__call_of(owner, info->address, &frame))
        return;
    void *stack[] = {(void *)(uintptr_t)frame.pc};
    info->site = ilv__record_stack(stack, 1);
    info->from_sp = (int32_t)(info->address - frame.sp);
    info->from_bp = (int32_t)(info->address - frame.bp);
}

static void describe_stack(struct ilv_object_info *info, const struct ilv_location *place)
{
    uint64_t top;
    const struct task *owner = stack_owner(info->address, &top);
    info->flags = ILV_LOCATION_STACK;
    info->creator = owner != NULL ? owner->index : 0;
    info->offset = place->offset;
    info->id = ilv_location_hash(place);
    if (owner != NULL)
        describe_local(info, owner);
}

static void describe_global(struct ilv_object_info *info, const struct ilv_location *place)
{
    info->flags = ILV_LOCATION_GLOBAL;
    info->id = ilv_location_hash(place);
}

/* Only those without a place are counted: their identity is which of them they are, and a story may
 * need more of the others. */
static uint32_t make(uint64_t address, const struct ilv_location *place, bool placed)
{
    uint32_t index = ilv__object_make(ILV_CLASS_MEMORY, (const void *)(uintptr_t)address,
                                      ILV_LOCATION_WORD - (address & (ILV_LOCATION_WORD - 1)));
    struct ilv_object_info *info = ilv__object_info(index);
    if (placed)
        ilv__world.current->made[ILV_CLASS_MEMORY]--;
    if (placed && place->kind == ILV_LOCATION_HEAP)
        describe_heap(info, place);
    else if (placed && place->kind == ILV_LOCATION_STACK)
        describe_stack(info, place);
    else if (placed)
        describe_global(info, place);
    return index;
}

/* When there are very many, words at one location share an object (all words without a location
 * share one): then more is taken for dependent than is. */
uint32_t ilv__place_object(uint64_t address)
{
    struct ilv_location place = {0};
    bool placed = ilv__place_of(word_of(address), &place);
    if (ilv_likely(ilv__world.run->object_count < REUSE_ABOVE))
        return make(address, &place, placed);
    uint32_t *slot = &object_of_place[placed ? ilv_location_hash(&place) % SITES : 0];
    if (*slot == 0)
        *slot = make(address, &place, placed);
    return *slot;
}

/* ---- known places ------------------------------------------------------------------------- */

/* The address that a recorded frame has in this process. */
static uint64_t address_of(uint64_t frame)
{
    const struct ilv_run *run = ilv__world.run;
    uint32_t module = ilv_frame_module(frame);
    if (module == 0 || module > run->module_count)
        return 0;
    return run->module[module - 1].base + ilv_frame_offset(frame);
}

static uint32_t site_slot(const uint64_t *frame)
{
    struct block like = {0};
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH; i++)
        like.frame[i] = frame[i];
    return (uint32_t)(ilv__block_site(&like) % SITES);
}

static void hang_in(uint32_t index)
{
    uint64_t frame[ILV_LOCATION_DEPTH];
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH; i++) {
        uint64_t recorded = known[index].place->frame[i];
        frame[i] = recorded != 0 ? address_of(recorded) : 0;
    }
    uint16_t *slot = &of_site[site_slot(frame)];
    known[index].next = *slot;
    *slot = (uint16_t)(index + 1);
}

static void take_in(const struct ilv_location *place, uint32_t count, bool watch)
{
    for (uint32_t i = 0; i < count; i++) {
        known[known_count] = (struct known){.place = &place[i], .watch = watch};
        if (place[i].kind == ILV_LOCATION_HEAP)
            hang_in(known_count);
        known_count++;
    }
}

static uint32_t bounded(uint32_t count, uint32_t most)
{
    return count < most ? count : most;
}

void ilv__places_begin(bool record)
{
    const struct ilv_block *block = ilv__world.block;
    take_in(block->point, bounded(block->point_count, ILV_MAX_PLACES), false);
    if (record)
        take_in(block->watch, bounded(block->watch_count, ILV_RUN_PLACES), true);
}

void ilv__places_in_modules(known_fn *tell)
{
    for (uint32_t i = 0; i < known_count; i++) {
        const struct ilv_location *p = known[i].place;
        uint64_t word = p->kind == ILV_LOCATION_GLOBAL ? address_of(p->frame[0] | p->offset) : 0;
        if (word != 0)
            tell(word, known[i].watch);
    }
}

void ilv__places_in_stack(const struct task *t, known_fn *tell)
{
    uint64_t bottom;
    uint64_t top;
    for (uint32_t i = 0; i < known_count; i++) {
        const struct ilv_location *p = known[i].place;
        bool here = p->kind == ILV_LOCATION_STACK && p->frame[0] == t->info->id;
        if (here && ilv__place_stack(t, &bottom, &top) && p->offset <= top - bottom)
            tell(top - p->offset, known[i].watch);
    }
}

static bool allocated_at(const struct block *block, const struct ilv_location *p)
{
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH; i++) {
        uint64_t frame = p->frame[i] != 0 ? address_of(p->frame[i]) : 0;
        if (frame != block->frame[i])
            return false;
    }
    return true;
}

void ilv__places_in_block(const struct block *block, known_fn *tell)
{
    if (ilv_likely(known_count == 0))
        return;
    uint16_t next = of_site[site_slot(block->frame)];
    for (; next != 0; next = known[next - 1].next) {
        const struct ilv_location *p = known[next - 1].place;
        if (p->offset < block->size && allocated_at(block, p))
            tell(block->address + p->offset, known[next - 1].watch);
    }
}

/* ---- places in code ----------------------------------------------------------------------- */

bool ilv__place_chosen(const void *pc)
{
    const struct ilv_block *block = ilv__world.block;
    uint64_t at = ilv__frame_of((uint64_t)(uintptr_t)pc);
    uint32_t low = 0;
    uint32_t high = block->code_count < ILV_MAX_CODE ? block->code_count : ILV_MAX_CODE;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (block->code[middle].to <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low < block->code_count && low < ILV_MAX_CODE && block->code[low].from <= at;
}
