/* SPDX-License-Identifier: MIT */
/*
 * blocks.c: the table of heap blocks, and the calls under way by which blocks are told apart.
 *
 * A block of at most a page hangs in the list of the page in which it begins; so what lies at an
 * address is in the list of its page or of the one before. Larger blocks are few and hang in one
 * list. Records are never given back to the system, but used again. The last blocks that went stay
 * in their lists, marked: who touches one without order is to be told which it was.
 *
 * Calls: a stack of return addresses a task. Functions that are left by longjmp or an exception
 * never say so: an entry whose frame lies below that of a new call is one of those.
 */
#include "objects/blocks.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "hash.h"

#define PAGE_SHIFT 12
#define SMALL (UINT64_C(1) << PAGE_SHIFT)
#define BUCKETS (1u << 15)
#define BLOCKS_MOST (1u << 22)
#define CALLS_MOST 128u
#define GONE_MOST 1024u

static struct block *block; /* reserved; entry 0 is none */
static uint32_t used;       /* entries that have been used, 0 included */
static uint32_t unused;     /* list of those that are free again */
static uint32_t bucket[BUCKETS];
static uint32_t large;
static uint32_t gone[GONE_MOST]; /* a ring */
static uint32_t gone_next;

struct call {
    const void *return_address;
    const void *pc;    /* in the function, where it announces itself */
    const void *frame; /* of the hook that it calls there: its own begins two words above */
    uint64_t bp;       /* its register rbp; 0: not known */
};
static struct call call[ILV_MAX_TASKS][CALLS_MOST];
static uint32_t depth[ILV_MAX_TASKS];

/* ---- calls -------------------------------------------------------------------------------- */

/* A hook keeps its caller's rbp first, with the return address behind it; not so when a stub of a
 * real sanitizer lies between. */
static uint64_t bp_before(const void *frame, const void *pc)
{
    const uint64_t *word = frame;
    return word[1] == (uint64_t)(uintptr_t)pc ? word[0] : 0;
}

void ilv__call_entered(struct task *t, const void *return_address, const void *pc,
                       const void *frame)
{
    struct call *calls = call[t->index];
    uint32_t n = depth[t->index];
    while (n > 0 && n <= CALLS_MOST && calls[n - 1].frame <= frame)
        n--;
    if (n < CALLS_MOST)
        calls[n] = (struct call){return_address, pc, frame, bp_before(frame, pc)};
    depth[t->index] = n + 1;
}

void ilv__call_left(struct task *t)
{
    if (depth[t->index] > 0)
        depth[t->index]--;
}

bool ilv__call_of(const struct task *t, uint64_t address, struct frame *frame)
{
    uint32_t n = depth[t->index] < CALLS_MOST ? depth[t->index] : CALLS_MOST;
    for (uint32_t i = 0; i < n; i++) {
        const struct call *c = &call[t->index][i];
        uint64_t sp = (uint64_t)(uintptr_t)c->frame + 2 * sizeof(void *);
        if (sp > address)
            continue;
        *frame = (struct frame){.pc = c->pc, .sp = sp, .bp = c->bp};
        return c->bp != 0;
    }
    return false;
}

void ilv__calls_clear(struct task *t)
{
    depth[t->index] = 0;
}

static void note_stack(const struct task *t, struct block *b, const void *pc)
{
    uint32_t n = depth[t->index] < CALLS_MOST ? depth[t->index] : CALLS_MOST;
    b->frame[0] = (uint64_t)(uintptr_t)pc;
    for (unsigned i = 1; i < ILV_LOCATION_DEPTH; i++)
        b->frame[i] = n >= i ? (uint64_t)(uintptr_t)call[t->index][n - i].return_address : 0;
}

uint64_t ilv__block_site(const struct block *b)
{
    uint64_t hash = 0;
    for (unsigned i = 0; i < ILV_LOCATION_DEPTH; i++)
        hash = ilv_hash_combine(hash, b->frame[i]);
    return hash;
}

/* ---- blocks ------------------------------------------------------------------------------- */

void ilv__blocks_begin(void)
{
    if (block != NULL)
        return;
    long got =
        ilv__syscall_raw(SYS_mmap, 0, (long)(BLOCKS_MOST * sizeof *block), PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (got < 0 && got > -4096)
        return;
    block = (void *)got;
    used = 1;
}

bool ilv__blocks_kept(void)
{
    return block != NULL;
}

static uint32_t *list_of(uint64_t address, uint64_t size)
{
    return size > SMALL ? &large : &bucket[(address >> PAGE_SHIFT) % BUCKETS];
}

static uint32_t take_record(void)
{
    uint32_t index = unused;
    if (index != 0)
        unused = block[index].next;
    else if (used < BLOCKS_MOST)
        index = used++;
    return index;
}

const struct block *ilv__block_made(const void *address, size_t size, const void *pc)
{
    struct task *t = ilv__self;
    uint32_t index = address != NULL ? take_record() : 0;
    if (index == 0)
        return NULL;
    struct block *b = &block[index];
    uint32_t *list = list_of((uint64_t)(uintptr_t)address, size);
    *b = (struct block){.address = (uint64_t)(uintptr_t)address,
                        .size = size,
                        .next = *list,
                        .nth = ++t->blocks,
                        .task = t->index};
    *list = index;
    note_stack(t, b, pc);
    return b;
}

static uint32_t find_live(uint32_t index, uint64_t address)
{
    while (index != 0 && (block[index].address != address || block[index].gone))
        index = block[index].next;
    return index;
}

static uint32_t live_at(const void *address)
{
    uint64_t at = (uint64_t)(uintptr_t)address;
    if (block == NULL)
        return 0;
    uint32_t index = find_live(*list_of(at, 0), at);
    return index != 0 ? index : find_live(large, at);
}

size_t ilv__block_size(const void *address)
{
    uint32_t index = live_at(address);
    return index != 0 ? block[index].size : 0;
}

static void take_out(uint32_t index)
{
    uint32_t *at = list_of(block[index].address, block[index].size);
    while (*at != index)
        at = &block[*at].next;
    *at = block[index].next;
    block[index].next = unused;
    unused = index;
}

size_t ilv__block_gone(const void *address)
{
    uint32_t index = live_at(address);
    if (index == 0)
        return 0;
    uint32_t *oldest = &gone[gone_next++ % GONE_MOST];
    if (*oldest != 0)
        take_out(*oldest);
    *oldest = index;
    block[index].gone = true;
    return block[index].size;
}

static const struct block *in_list(uint32_t index, uint64_t address, bool went)
{
    for (; index != 0; index = block[index].next)
        if (block[index].gone == went && address - block[index].address < block[index].size)
            return &block[index];
    return NULL;
}

static const struct block *block_around(uint64_t address, bool went)
{
    const struct block *found = in_list(*list_of(address, 0), address, went);
    if (found == NULL)
        found = in_list(*list_of(address - SMALL, 0), address, went);
    return found != NULL ? found : in_list(large, address, went);
}

const struct block *ilv__block_of(uint64_t address)
{
    if (block == NULL)
        return NULL;
    const struct block *found = block_around(address, false);
    return found != NULL ? found : block_around(address, true);
}
