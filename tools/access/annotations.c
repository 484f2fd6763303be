/* SPDX-License-Identifier: MIT */
/*
 * The annotation interface: what is said is handed to the hook of that name, and on to
 * ThreadSanitizer where it lies beneath, whose answers count: fibers are its own then.
 */
#include "internal.h"

#define HIDDEN __attribute__((visibility("hidden")))

/* NOLINTBEGIN(bugprone-macro-parentheses): types and lists of parameters */
#if ILV_BENEATH == 1
#define SAID_AS(name) ILV_STUB(name)
#define ON(name, parameters, arguments) \
    void ILV_REAL(name) parameters;     \
    ILV_REAL(name) arguments
#else
#define SAID_AS(name) name
#define ON(name, parameters, arguments) (void)0
#endif

static uintptr_t say(enum ilv_annotation annotation, const void *address, uintptr_t value,
                     const void *pc)
{
    const struct ilv_access_hooks *hooks = ilv__hooks();
    return hooks ? hooks->annotation(annotation, address, value, pc) : 0;
}

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define SAID(name, parameters, arguments, annotation, address, value)               \
    void SAID_AS(name) parameters;                                                  \
    HIDDEN void SAID_AS(name) parameters                                            \
    {                                                                               \
        say(ILV_ANNOTATION_##annotation, (const void *)(address), value, ILV_PC()); \
        ON(name, parameters, arguments);                                            \
    }
#define MARKED(name, parameters, arguments, annotation, address, value)             \
    void __wrap_##name parameters;                                                  \
    HIDDEN void __wrap_##name parameters                                            \
    {                                                                               \
        say(ILV_ANNOTATION_##annotation, (const void *)(address), value, ILV_PC()); \
        ON(name, parameters, arguments);                                            \
    }
#include "annotation_calls.def"

#undef SAID
#undef MARKED

#if ILV_BENEATH != 1
#define UNHEARD(type, name, parameters, result) \
    type __wrap_##name parameters;              \
    HIDDEN type __wrap_##name parameters        \
    {                                           \
        return result;                          \
    }
#include "annotation_calls.def"
#endif

/* NOLINTEND(bugprone-macro-parentheses) */

int SAID_AS(__tsan_mutex_pre_unlock)(void *at, unsigned flags);
void *SAID_AS(__tsan_get_current_fiber)(void);
void *SAID_AS(__tsan_create_fiber)(unsigned flags);

#if ILV_BENEATH == 1

int ILV_REAL(__tsan_mutex_pre_unlock)(void *at, unsigned flags);
void *ILV_REAL(__tsan_get_current_fiber)(void);
void *ILV_REAL(__tsan_create_fiber)(unsigned flags);

HIDDEN int SAID_AS(__tsan_mutex_pre_unlock)(void *at, unsigned flags)
{
    say(ILV_ANNOTATION_MUTEX_PRE_UNLOCK, at, flags, ILV_PC());
    return ILV_REAL(__tsan_mutex_pre_unlock)(at, flags);
}

HIDDEN void *SAID_AS(__tsan_get_current_fiber)(void)
{
    void *fiber = ILV_REAL(__tsan_get_current_fiber)();
    say(ILV_ANNOTATION_FIBER_CURRENT, fiber, 0, ILV_PC());
    return fiber;
}

HIDDEN void *SAID_AS(__tsan_create_fiber)(unsigned flags)
{
    void *fiber = ILV_REAL(__tsan_create_fiber)(flags);
    say(ILV_ANNOTATION_FIBER_CREATE, fiber, flags, ILV_PC());
    return fiber;
}

#else

HIDDEN int SAID_AS(__tsan_mutex_pre_unlock)(void *at, unsigned flags)
{
    return (int)say(ILV_ANNOTATION_MUTEX_PRE_UNLOCK, at, flags, ILV_PC());
}

HIDDEN void *SAID_AS(__tsan_get_current_fiber)(void)
{
    return (void *)say(ILV_ANNOTATION_FIBER_CURRENT, NULL, 0, ILV_PC());
}

HIDDEN void *SAID_AS(__tsan_create_fiber)(unsigned flags)
{
    return (void *)say(ILV_ANNOTATION_FIBER_CREATE, NULL, flags, ILV_PC());
}

#endif
