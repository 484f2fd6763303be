/* SPDX-License-Identifier: MIT */
/* What semaphore.h and bounded_semaphore.h promise; deaths are in test_death_waits.c. */
#include <errno.h>
#include <ilv/bounded_semaphore.h>
#include <ilv/semaphore.h>

#include "actors.h"
#include "ilv_test.h"

#define ROUNDS 2000

struct stage {
    struct ilv_semaphore semaphore;
    struct ilv_semaphore back;
    struct ilv_bounded_semaphore bounded;
    uint32_t inside;
    uint32_t most;
};

static struct stage *new_stage(uint32_t units)
{
    struct stage *stage = share(sizeof *stage);
    ilv_semaphore_init(&stage->semaphore, units);
    return stage;
}

static struct stage *bounded_stage(uint32_t bound)
{
    struct stage *stage = share(sizeof *stage);
    ilv_bounded_semaphore_init(&stage->bounded, bound);
    return stage;
}

static void zero_has_no_units(void)
{
    static struct ilv_semaphore semaphore;
    ILV_CHECK_INT(ilv_semaphore_try_acquire(&semaphore), EAGAIN);
    ILV_CHECK_INT(ilv_semaphore_acquire_until(&semaphore, &long_ago), ETIMEDOUT);
    ILV_CHECK_INT(semaphore.waiters, 0);
    ILV_CHECK_INT(ilv_semaphore_release(&semaphore), 0);
    ILV_CHECK_INT(ilv_semaphore_try_acquire(&semaphore), 0);
}

static void each_unit_is_taken_once(void)
{
    struct ilv_semaphore semaphore = ILV_SEMAPHORE_INIT(2);
    ILV_CHECK_INT(ilv_semaphore_units(&semaphore), 2);
    ILV_CHECK_INT(ilv_semaphore_acquire(&semaphore), 0);
    ILV_CHECK_INT(ilv_semaphore_acquire_until(&semaphore, &long_ago), 0);
    ILV_CHECK_INT(ilv_semaphore_try_acquire(&semaphore), EAGAIN);
    ILV_CHECK_INT(ilv_semaphore_release_many(&semaphore, 3), 0);
    ILV_CHECK_INT(ilv_semaphore_units(&semaphore), 3);
}

static int acquire_one(void *argument)
{
    struct stage *stage = argument;
    return ilv_semaphore_acquire(&stage->semaphore);
}

static void release_wakes_as_many_as_it_puts(void)
{
    struct stage *stage = new_stage(0);
    struct actor actors[3];
    for (int i = 0; i < 3; i++)
        actors[i] = start(acquire_one, stage);
    for (int i = 0; i < 3; i++)
        await_sleep(&actors[i]);
    ILV_CHECK_INT(ilv_semaphore_release_many(&stage->semaphore, 2), 0);
    while (told(&stage->semaphore.waiters) != 1)
        continue;
    ILV_CHECK_INT(ilv_semaphore_release(&stage->semaphore), 0);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(ilv_semaphore_units(&stage->semaphore), 0);
}

static int answer(void *argument)
{
    struct stage *stage = argument;
    for (int i = 0; i < ROUNDS; i++)
        if (ilv_semaphore_acquire(&stage->semaphore) != 0 ||
            ilv_semaphore_release(&stage->back) != 0)
            return 1;
    return 0;
}

static void no_unit_lies_beside_a_sleeper(void)
{
    struct stage *stage = new_stage(0);
    struct actor one = start(answer, stage);
    struct actor two = start(answer, stage);
    for (int i = 0; i < 2 * ROUNDS; i++) {
        ILV_CHECK_INT(ilv_semaphore_release(&stage->semaphore), 0);
        if (i % 3 == 0)
            ILV_CHECK_INT(ilv_semaphore_acquire(&stage->back), 0);
    }
    ILV_CHECK_INT(end_of(&one), 0);
    ILV_CHECK_INT(end_of(&two), 0);
}

static void too_many_units_are_refused(void)
{
    struct ilv_semaphore semaphore;
    ILV_CHECK_INT(ilv_semaphore_init(&semaphore, ILV_SEMAPHORE_MAX + 1), EINVAL);
    ILV_CHECK_INT(ilv_semaphore_init(&semaphore, ILV_SEMAPHORE_MAX), 0);
    ILV_CHECK_INT(ilv_semaphore_release(&semaphore), EOVERFLOW);
    ILV_CHECK_INT(ilv_semaphore_units(&semaphore), ILV_SEMAPHORE_MAX);
    ILV_CHECK_INT(ilv_semaphore_acquire(&semaphore), 0);
    ILV_CHECK_INT(ilv_semaphore_release_many(&semaphore, 2), EOVERFLOW);
    ILV_CHECK_INT(ilv_semaphore_release_many(&semaphore, 0), 0);
    ILV_CHECK_INT(ilv_semaphore_release(&semaphore), 0);
}

static void senseless_arguments_are_refused(void)
{
    struct ilv_semaphore semaphore = ILV_SEMAPHORE_INIT(1);
    ILV_CHECK_INT(ilv_semaphore_init(NULL, 0), EINVAL);
    ILV_CHECK_INT(ilv_semaphore_acquire(NULL), EINVAL);
    ILV_CHECK_INT(ilv_semaphore_try_acquire(NULL), EINVAL);
    ILV_CHECK_INT(ilv_semaphore_release(NULL), EINVAL);
    ILV_CHECK_INT(ilv_semaphore_units(NULL), 0);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_semaphore_acquire_until(&semaphore, &impossible[i]), EINVAL);
    ILV_CHECK_INT(ilv_semaphore_units(&semaphore), 1);
}

static int use_one(void *argument)
{
    struct stage *stage = argument;
    for (int i = 0; i < ROUNDS / 4; i++) {
        if (ilv_bounded_semaphore_acquire(&stage->bounded) != 0)
            return 1;
        uint32_t inside = __atomic_add_fetch(&stage->inside, 1, __ATOMIC_ACQ_REL);
        if (inside > told(&stage->most))
            tell(&stage->most, inside);
        __atomic_fetch_sub(&stage->inside, 1, __ATOMIC_ACQ_REL);
        if (ilv_bounded_semaphore_release(&stage->bounded) != 0)
            return 2;
    }
    return 0;
}

static void never_more_inside_than_the_bound(void)
{
    struct stage *stage = bounded_stage(2);
    struct actor actors[4];
    for (int i = 0; i < 4; i++)
        actors[i] = start(use_one, stage);
    for (int i = 0; i < 4; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK(stage->most == 1 || stage->most == 2);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(&stage->bounded), 2);
}

static void a_release_too_many_is_refused(void)
{
    struct stage *stage = bounded_stage(2);
    ILV_CHECK_INT(ilv_bounded_semaphore_release(&stage->bounded), EPERM);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_release(&stage->bounded), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_release(&stage->bounded), EPERM);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(&stage->bounded), 2);
}

static int give_back(void *argument)
{
    struct stage *stage = argument;
    return ilv_bounded_semaphore_release(&stage->bounded);
}

static void units_belong_to_the_process(void)
{
    struct stage *stage = bounded_stage(1);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), 0);
    struct actor other = start(give_back, stage);
    ILV_CHECK_INT(end_of(&other), ACTORS_ARE_PROCESSES ? EPERM : 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(&stage->bounded), ACTORS_ARE_PROCESSES ? 0 : 1);
}

static void one_without_free_units_is_waited_for_or_not(void)
{
    struct stage *stage = bounded_stage(1);
    ILV_CHECK_INT(ilv_bounded_semaphore_try_acquire(&stage->bounded), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_try_acquire(&stage->bounded), EAGAIN);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire_until(&stage->bounded, &long_ago), ETIMEDOUT);
    struct actor other = start(use_one, stage);
    await_sleep(&other);
    ILV_CHECK_INT(ilv_bounded_semaphore_release(&stage->bounded), 0);
    ILV_CHECK_INT(end_of(&other), 0);
}

static void a_bounded_one_without_bound_is_refused(void)
{
    struct stage *stage = share(sizeof *stage);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), EINVAL);
    ILV_CHECK_INT(ilv_bounded_semaphore_try_acquire(NULL), EINVAL);
    ILV_CHECK_INT(ilv_bounded_semaphore_release(&stage->bounded), EINVAL);
    ILV_CHECK_INT(ilv_bounded_semaphore_units(NULL), 0);
    ILV_CHECK_INT(ilv_bounded_semaphore_init(&stage->bounded, 0), EINVAL);
    ILV_CHECK_INT(ilv_bounded_semaphore_init(NULL, 1), EINVAL);
    ILV_CHECK_INT(ilv_bounded_semaphore_init(&stage->bounded, 1), 0);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_bounded_semaphore_acquire_until(&stage->bounded, &impossible[i]), EINVAL);
    ILV_CHECK_INT(ilv_bounded_semaphore_acquire(&stage->bounded), 0);
}

ILV_SUITE(semaphore, ILV_TEST(zero_has_no_units), ILV_TEST(each_unit_is_taken_once),
          ILV_TEST(release_wakes_as_many_as_it_puts), ILV_TEST(no_unit_lies_beside_a_sleeper),
          ILV_TEST(too_many_units_are_refused), ILV_TEST(senseless_arguments_are_refused),
          ILV_TEST(never_more_inside_than_the_bound), ILV_TEST(a_release_too_many_is_refused),
          ILV_TEST(units_belong_to_the_process),
          ILV_TEST(one_without_free_units_is_waited_for_or_not),
          ILV_TEST(a_bounded_one_without_bound_is_refused));
