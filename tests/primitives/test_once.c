/* SPDX-License-Identifier: MIT */
/* What once.h promises; deaths by SIGKILL are in test_death_locks.c. */
#include <errno.h>
#include <ilv/once.h>

#include "actors.h"
#include "ilv_test.h"

struct stage {
    struct ilv_once once;
    uint32_t times;
    int result;
    uint32_t step;
};

static struct stage *new_stage(void)
{
    return share(sizeof(struct stage));
}

static int work(void *argument)
{
    struct stage *stage = argument;
    stage->times++;
    return stage->result;
}

static int do_it(void *argument)
{
    struct stage *stage = argument;
    __atomic_fetch_add(&stage->step, 1, __ATOMIC_ACQ_REL);
    await(&stage->step, 3);
    int error = ilv_once_do(&stage->once, work, stage);
    return error != 0 ? error : stage->times == 1 ? 0 : 98;
}

static void it_is_done_once_for_all(void)
{
    struct stage *stage = new_stage();
    struct actor actors[3];
    for (int i = 0; i < 3; i++)
        actors[i] = start(do_it, stage);
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(stage->times, 1);
    ILV_CHECK(ilv_once_is_done(&stage->once));
}

static void a_failure_is_tried_again(void)
{
    struct stage *stage = new_stage();
    stage->result = ENOENT;
    ILV_CHECK_INT(ilv_once_do(&stage->once, work, stage), ENOENT);
    ILV_CHECK(!ilv_once_is_done(&stage->once));
    stage->result = 0;
    ILV_CHECK_INT(ilv_once_do(&stage->once, work, stage), 0);
    ILV_CHECK_INT(ilv_once_do(&stage->once, work, stage), 0);
    ILV_CHECK_INT(stage->times, 2);
}

static int from_within(void *argument)
{
    struct stage *stage = argument;
    return ilv_once_do(&stage->once, work, stage);
}

static void from_within_it_is_refused(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_once_do(&stage->once, from_within, stage), EDEADLK);
    ILV_CHECK_INT(stage->times, 0);
    ILV_CHECK_INT(ilv_once_do(&stage->once, work, stage), 0);
}

static void null_is_refused(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_once_do(NULL, work, stage), EINVAL);
    ILV_CHECK_INT(ilv_once_do(&stage->once, NULL, stage), EINVAL);
    ILV_CHECK(!ilv_once_is_done(NULL));
    ILV_CHECK_INT(stage->times, 0);
}

ILV_SUITE(once, ILV_TEST(it_is_done_once_for_all), ILV_TEST(a_failure_is_tried_again),
          ILV_TEST(from_within_it_is_refused), ILV_TEST(null_is_refused));
