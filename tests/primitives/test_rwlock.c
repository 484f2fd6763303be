/* SPDX-License-Identifier: MIT */
/* What rwlock.h promises about readers; its writers are tested with all locks (test_locks.c). */
#include <errno.h>
#include <ilv/rwlock.h>

#include "actors.h"
#include "ilv_test.h"

struct stage {
    struct ilv_rwlock lock;
    uint32_t step;
    uint32_t inside;
    uint32_t left;
    uint32_t right;
};

static struct stage *new_stage(void)
{
    return share(sizeof(struct stage));
}

static int try_read(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_rwlock_try_read_lock(&stage->lock);
    return error != 0 ? error : ilv_rwlock_unlock(&stage->lock);
}

static int try_write(void *argument)
{
    struct stage *stage = argument;
    int error = ilv_rwlock_try_write_lock(&stage->lock);
    return error != 0 ? error : ilv_rwlock_unlock(&stage->lock);
}

static int read_until_long_ago(void *argument)
{
    struct stage *stage = argument;
    return ilv_rwlock_read_lock_until(&stage->lock, &long_ago);
}

static int write_until_long_ago(void *argument)
{
    struct stage *stage = argument;
    return ilv_rwlock_write_lock_until(&stage->lock, &long_ago);
}

static int by_another(int (*function)(void *argument), struct stage *stage)
{
    struct actor other = start(function, stage);
    return end_of(&other);
}

static void readers_share_it_and_keep_writers_out(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), 0);
    ILV_CHECK_INT(by_another(try_read, stage), 0);
    ILV_CHECK_INT(by_another(try_write, stage), EBUSY);
    ILV_CHECK_INT(by_another(write_until_long_ago, stage), ETIMEDOUT);
    ILV_CHECK_INT(by_another(try_read, stage), 0);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
    ILV_CHECK_INT(by_another(try_write, stage), 0);
}

static void a_writer_keeps_readers_out(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(by_another(try_read, stage), 0);
    ILV_CHECK_INT(ilv_rwlock_write_lock(&stage->lock), 0);
    ILV_CHECK_INT(by_another(try_read, stage), EBUSY);
    ILV_CHECK_INT(by_another(read_until_long_ago, stage), ETIMEDOUT);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
    ILV_CHECK_INT(by_another(try_read, stage), 0);
}

static void a_holder_may_not_take_it_again(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), EDEADLK);
    ILV_CHECK_INT(ilv_rwlock_try_write_lock(&stage->lock), EDEADLK);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_write_lock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_write_lock(&stage->lock), EDEADLK);
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), EDEADLK);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), EPERM);
}

static void deadlines_of_readers_that_cannot_be_are_refused(void)
{
    struct stage *stage = new_stage();
    for (int i = 0; i < 3; i++)
        ILV_CHECK_INT(ilv_rwlock_read_lock_until(&stage->lock, &impossible[i]), EINVAL);
    ILV_CHECK_INT(ilv_rwlock_read_lock(NULL), EINVAL);
    ILV_CHECK_INT(ilv_rwlock_try_read_lock(NULL), EINVAL);
    ILV_CHECK_INT(ilv_rwlock_read_lock_until(&stage->lock, NULL), 0);
}

static void one_that_is_read_is_not_destroyed(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_destroy(&stage->lock), EBUSY);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_destroy(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), EINVAL);
}

static int write_in_turn(void *argument)
{
    struct stage *stage = argument;
    for (int i = 0; i < 1000; i++) {
        if (ilv_rwlock_write_lock(&stage->lock) != 0)
            return 1;
        stage->left++;
        stage->right++;
        ilv_rwlock_unlock(&stage->lock);
    }
    return 0;
}

static int read_in_turn(void *argument)
{
    struct stage *stage = argument;
    for (int i = 0; i < 1000; i++) {
        if (ilv_rwlock_read_lock(&stage->lock) != 0)
            return 1;
        bool equal = stage->left == stage->right;
        ilv_rwlock_unlock(&stage->lock);
        if (!equal)
            return 2;
    }
    return 0;
}

static void readers_see_whole_changes(void)
{
    struct stage *stage = new_stage();
    struct actor actors[4];
    for (int i = 0; i < 4; i++)
        actors[i] = start(i < 2 ? write_in_turn : read_in_turn, stage);
    for (int i = 0; i < 4; i++)
        ILV_CHECK_INT(end_of(&actors[i]), 0);
    ILV_CHECK_INT(stage->left, 2000);
}

static int read_until_told(void *argument)
{
    struct stage *stage = argument;
    if (ilv_rwlock_read_lock(&stage->lock) != 0)
        return 1;
    __atomic_fetch_add(&stage->inside, 1, __ATOMIC_ACQ_REL);
    await(&stage->step, 1);
    return ilv_rwlock_unlock(&stage->lock);
}

static void as_many_read_as_there_are_places_and_the_next_waits(void)
{
    struct stage *stage = new_stage();
    struct actor readers[ILV_RWLOCK_READERS + 1];
    for (int i = 0; i < ILV_RWLOCK_READERS; i++)
        readers[i] = start(read_until_told, stage);
    await(&stage->inside, ILV_RWLOCK_READERS);
    ILV_CHECK_INT(by_another(try_read, stage), EBUSY);
    ILV_CHECK_INT(by_another(read_until_long_ago, stage), ETIMEDOUT);
    readers[ILV_RWLOCK_READERS] = start(read_until_told, stage);
    await_sleep(&readers[ILV_RWLOCK_READERS]);
    ILV_CHECK_INT(told(&stage->inside), ILV_RWLOCK_READERS);
    tell(&stage->step, 1);
    for (int i = 0; i <= ILV_RWLOCK_READERS; i++)
        ILV_CHECK_INT(end_of(&readers[i]), 0);
    ILV_CHECK_INT(told(&stage->inside), ILV_RWLOCK_READERS + 1);
}

static int write_once(void *argument)
{
    struct stage *stage = argument;
    if (ilv_rwlock_write_lock(&stage->lock) != 0)
        return 1;
    stage->left = told(&stage->inside);
    return ilv_rwlock_unlock(&stage->lock);
}

static void readers_stand_behind_a_writer_that_waits(void)
{
    struct stage *stage = new_stage();
    struct actor reader = start(read_until_told, stage);
    await(&stage->inside, 1);
    struct actor writer = start(write_once, stage);
    await_sleep(&writer);
    ILV_CHECK_INT(by_another(try_read, stage), EBUSY);
    tell(&stage->step, 1);
    ILV_CHECK_INT(end_of(&reader), 0);
    ILV_CHECK_INT(end_of(&writer), 0);
    ILV_CHECK_INT(by_another(try_read, stage), 0);
}

/* The first reader leaves, the second stays: the writer gets the first place and not the second. */
static void a_writer_that_gives_up_keeps_nothing(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), 0);
    struct actor reader = start(read_until_told, stage);
    await(&stage->inside, 1);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_try_write_lock(&stage->lock), EBUSY);
    ILV_CHECK_INT(ilv_rwlock_write_lock_until(&stage->lock, &long_ago), ETIMEDOUT);
    tell(&stage->step, 1);
    ILV_CHECK_INT(end_of(&reader), 0);
    ILV_CHECK_INT(ilv_rwlock_try_write_lock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
}

static int end_as_reader(void *argument)
{
    struct stage *stage = argument;
    return ilv_rwlock_read_lock(&stage->lock);
}

static int end_as_writer(void *argument)
{
    struct stage *stage = argument;
    return ilv_rwlock_write_lock(&stage->lock);
}

static void a_reader_that_ended_is_forgotten(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(by_another(end_as_reader, stage), 0);
    ILV_CHECK_INT(by_another(try_write, stage), 0);
    ILV_CHECK_INT(by_another(end_as_reader, stage), 0);
    ILV_CHECK_INT(by_another(try_read, stage), 0);
    ILV_CHECK_INT(ilv_rwlock_write_lock(&stage->lock), 0);
}

static void a_reader_after_a_dead_writer_writes(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(by_another(end_as_reader, stage), 0);
    ILV_CHECK_INT(by_another(end_as_writer, stage), 0);
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), EOWNERDEAD);
    ILV_CHECK_INT(by_another(try_read, stage), EBUSY);
    ILV_CHECK_INT(ilv_rwlock_consistent(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_consistent(&stage->lock), EINVAL);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), 0);
    ILV_CHECK_INT(by_another(try_read, stage), 0);
}

static int end_in_repair(void *argument)
{
    struct stage *stage = argument;
    return ilv_rwlock_read_lock(&stage->lock);
}

static void a_death_in_the_repair_is_told_again(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(by_another(end_as_writer, stage), 0);
    ILV_CHECK_INT(by_another(end_in_repair, stage), EOWNERDEAD);
    ILV_CHECK_INT(ilv_rwlock_write_lock(&stage->lock), EOWNERDEAD);
    ILV_CHECK_INT(ilv_rwlock_unlock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), ENOTRECOVERABLE);
    ILV_CHECK_INT(ilv_rwlock_try_write_lock(&stage->lock), ENOTRECOVERABLE);
    ILV_CHECK_INT(ilv_rwlock_init(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), 0);
}

static void consistent_by_one_who_does_not_write_is_refused(void)
{
    struct stage *stage = new_stage();
    ILV_CHECK_INT(ilv_rwlock_read_lock(&stage->lock), 0);
    ILV_CHECK_INT(ilv_rwlock_consistent(&stage->lock), EPERM);
}

ILV_SUITE(rwlock, ILV_TEST(readers_share_it_and_keep_writers_out),
          ILV_TEST(a_writer_keeps_readers_out), ILV_TEST(a_holder_may_not_take_it_again),
          ILV_TEST(deadlines_of_readers_that_cannot_be_are_refused),
          ILV_TEST(one_that_is_read_is_not_destroyed), ILV_TEST(readers_see_whole_changes),
          ILV_TEST(as_many_read_as_there_are_places_and_the_next_waits),
          ILV_TEST(readers_stand_behind_a_writer_that_waits),
          ILV_TEST(a_writer_that_gives_up_keeps_nothing),
          ILV_TEST(a_reader_that_ended_is_forgotten), ILV_TEST(a_reader_after_a_dead_writer_writes),
          ILV_TEST(a_death_in_the_repair_is_told_again),
          ILV_TEST(consistent_by_one_who_does_not_write_is_refused));
