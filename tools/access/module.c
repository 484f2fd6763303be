/* SPDX-License-Identifier: MIT */
#include "internal.h"
#include "layout.h"

#define AT_OFFSET(type, field, offset) \
    _Static_assert(offsetof(type, field) == (offset), "layout.h: " #field)
AT_OFFSET(struct ilv_access_module, on, ILV_MODULE_ON);
AT_OFFSET(struct ilv_access_module, hooks, ILV_MODULE_HOOKS);
AT_OFFSET(struct ilv_access_hooks, read, ILV_HOOK_READ);
AT_OFFSET(struct ilv_access_hooks, write, ILV_HOOK_WRITE);
AT_OFFSET(struct ilv_access_hooks, update, ILV_HOOK_UPDATE);
AT_OFFSET(struct ilv_access_hooks, volatile_read, ILV_HOOK_VOLATILE_READ);
AT_OFFSET(struct ilv_access_hooks, volatile_write, ILV_HOOK_VOLATILE_WRITE);
AT_OFFSET(struct ilv_access_hooks, read_range, ILV_HOOK_READ_RANGE);
AT_OFFSET(struct ilv_access_hooks, write_range, ILV_HOOK_WRITE_RANGE);
AT_OFFSET(struct ilv_access_hooks, vptr_read, ILV_HOOK_VPTR_READ);
AT_OFFSET(struct ilv_access_hooks, vptr_write, ILV_HOOK_VPTR_WRITE);
AT_OFFSET(struct ilv_access_hooks, function_entry, ILV_HOOK_FUNCTION_ENTRY);
AT_OFFSET(struct ilv_access_hooks, function_exit, ILV_HOOK_FUNCTION_EXIT);

/* The program's, if it has them. */
const char *__tsan_default_options(void) __attribute__((weak));
const char *__tsan_default_suppressions(void) __attribute__((weak));

struct ilv_access_module ilv__access_module = {
    .version = ILV_ACCESS_VERSION,
    .real = ILV_BENEATH,
    .text = (const void *)&ilv__access_module,
};

/* Before the constructors of the program (101 is the first that programs may ask for); the
 * runtime, which is preloaded, is there before all modules. */
__attribute__((constructor(101))) static void attach(void)
{
    ilv__access_module.default_options = __tsan_default_options;
    ilv__access_module.default_suppressions = __tsan_default_suppressions;
    if (ilv_access_attach)
        ilv_access_attach(&ilv__access_module);
}

__attribute__((destructor(101))) static void detach(void)
{
    if (ilv_access_detach)
        ilv_access_detach(&ilv__access_module);
    ilv__access_module.on = 0;
}

#ifndef ILV_ACCESS_REAL
/* Called by constructors of the compiler's; ours has seen to everything. */
void __tsan_init(void);
__attribute__((visibility("hidden"))) void __tsan_init(void)
{
}
#endif
