/* SPDX-License-Identifier: MIT */
/*
 * stack.c: mappings with a page below them that cannot be touched.
 *
 * What is kept stands in a table of the thread, the last one given back first: its pages are warm.
 */
#include "stack.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "annotate.h"

enum { KEPT = 64 };

static __thread struct ilv__stack kept[KEPT];
static __thread size_t kept_count;

static size_t page(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static int map(struct ilv__stack *stack, size_t size)
{
    size_t guard = page();
    char *low = mmap(NULL, guard + size, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (low == MAP_FAILED)
        return ENOMEM;
    if (mprotect(low + guard, size, PROT_READ | PROT_WRITE) != 0) {
        munmap(low, guard + size);
        return ENOMEM;
    }
    *stack = (struct ilv__stack){.low = low + guard, .size = size};
    stack->known_as = ilv__stack_begins(stack->low, size);
    return 0;
}

static void unmap(struct ilv__stack *stack)
{
    ilv__stack_ends(stack->known_as);
    munmap((char *)stack->low - page(), page() + stack->size);
}

int ilv__stack_take(struct ilv__stack *stack, size_t size)
{
    for (size_t i = kept_count; i-- > 0;) {
        if (kept[i].size != size)
            continue;
        *stack = kept[i];
        memmove(&kept[i], &kept[i + 1], (--kept_count - i) * sizeof *kept);
        return 0;
    }
    return map(stack, size);
}

void ilv__stack_give_back(struct ilv__stack *stack)
{
    if (stack->low == NULL)
        return;
    ilv__stack_is_clean(stack->low, stack->size);
    if (kept_count == KEPT) {
        unmap(&kept[0]);
        memmove(&kept[0], &kept[1], --kept_count * sizeof *kept);
    }
    kept[kept_count++] = *stack;
    stack->low = NULL;
}

void ilv__stack_forget_kept(void)
{
    while (kept_count > 0)
        unmap(&kept[--kept_count]);
}
