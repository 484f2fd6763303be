/* SPDX-License-Identifier: MIT */
/* How other processes come to an arena: by name, by descriptor, over exec; and what is refused. */
#include <errno.h>
#include <fcntl.h>
#include <ilv/dict.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actors.h"
#include "ilv_test.h"

static char name[64];

static const char *own_name(void)
{
    snprintf(name, sizeof name, "/ilv-test-%d", (int)getpid());
    return name;
}

static struct ilv_dict *with_dict(struct ilv_arena *arena)
{
    struct ilv_dict *dict = ilv_dict_create(arena);
    ilv_arena_set_root(arena, ilv_arena_ref(arena, dict));
    return dict;
}

/* A new process that does as a stranger would: lets go of what it inherited, attaches by name. */
static int stranger(struct ilv_arena *inherited)
{
    pid_t child = fork();
    int status = -1;
    if (child == 0) {
        ilv_arena_detach(inherited);
        struct ilv_arena *arena = ilv_arena_attach(name);
        struct ilv_dict *dict = ilv_dict_open(arena, ilv_arena_root(arena));
        _exit(arena != NULL ? ilv_dict_set_int(dict, "stranger", 8, 77) : errno);
    }
    waitpid(child, &status, 0);
    return status;
}

static void a_stranger_attaches_by_name(void)
{
    int64_t number = 0;
    struct ilv_arena *arena = ilv_arena_create(own_name(), 0, LIMIT);
    if (!ILV_CHECK(arena != NULL))
        return;
    struct ilv_dict *dict = with_dict(arena);
    ILV_CHECK_INT(stranger(arena), 0);
    ILV_CHECK_INT(ilv_arena_unlink(name), 0);
    ILV_CHECK_INT(ilv_dict_get_int(dict, "stranger", 8, &number), 0);
    ILV_CHECK_INT(number, 77);
}

static void detaching_destroys_nothing(void)
{
    struct ilv_arena *arena = ilv_arena_create(own_name(), 0, LIMIT);
    ILV_CHECK(arena != NULL);
    with_dict(arena);
    ILV_CHECK_INT(ilv_arena_detach(arena), 0);
    struct ilv_arena *again = ilv_arena_attach(name);
    ILV_CHECK(again != NULL && ilv_dict_open(again, ilv_arena_root(again)) != NULL);
    ILV_CHECK_INT(ilv_arena_unlink(name), 0);
    ILV_CHECK_INT(ilv_arena_check(again), 0);
    ILV_CHECK(ilv_arena_attach(name) == NULL);
    ILV_CHECK_INT(errno, ENOENT);
    ILV_CHECK_INT(ilv_arena_unlink(name), ENOENT);
}

static void a_taken_name_is_refused(void)
{
    struct ilv_arena *arena = ilv_arena_create(own_name(), 0, LIMIT);
    struct ilv_arena *other = ilv_arena_create(name, 0, LIMIT);
    int error = errno;
    ILV_CHECK_INT(ilv_arena_unlink(name), 0);
    ILV_CHECK(other == NULL);
    ILV_CHECK_INT(error, EEXIST);
    ILV_CHECK_INT(ilv_arena_check(arena), 0);
}

static void bad_names_are_refused(void)
{
    static const char *const bad[] = {"", "/", "name", "/a/b", "//", "/.", "/.."};
    char longer[ILV_ARENA_NAME_MAX + 2];
    memset(longer, 'n', sizeof longer);
    longer[0] = '/';
    longer[sizeof longer - 1] = '\0';
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ILV_CHECK(ilv_arena_create(bad[i], 0, 0) == NULL);
        ILV_CHECK_INT(errno, EINVAL);
        ILV_CHECK(ilv_arena_attach(bad[i]) == NULL);
        ILV_CHECK_INT(errno, EINVAL);
        ILV_CHECK_INT(ilv_arena_unlink(bad[i]), EINVAL);
    }
    ILV_CHECK(ilv_arena_create(longer, 0, 0) == NULL);
    ILV_CHECK_INT(errno, ENAMETOOLONG);
    ILV_CHECK(ilv_arena_attach(NULL) == NULL);
    ILV_CHECK_INT(errno, EINVAL);
    ILV_CHECK_INT(ilv_arena_unlink(NULL), EINVAL);
}

/* A file with the first `size` bytes of an arena, in which 4 bytes at `at` are `word`. */
static int forged(size_t size, size_t at, uint32_t word)
{
    char bytes[ILV_ARENA_SMALLEST];
    struct ilv_arena *arena = ilv_arena_create(NULL, 0, LIMIT);
    if (pread(ilv_arena_descriptor(arena), bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return -1;
    ilv_arena_detach(arena);
    memcpy(bytes + at, &word, sizeof word);
    int fd = memfd_create("forged", MFD_CLOEXEC);
    return write(fd, bytes, size) == (ssize_t)size ? fd : -1;
}

static void refused(int fd, int error)
{
    ILV_CHECK(fd >= 0);
    ILV_CHECK(ilv_arena_attach_fd(fd) == NULL);
    ILV_CHECK_INT(errno, error);
    close(fd);
}

static void what_is_no_arena_is_refused(void)
{
    int ends[2];
    ILV_CHECK_INT(pipe(ends), 0);
    close(ends[1]);
    refused(ends[0], EBADMSG);
    refused(memfd_create("empty", MFD_CLOEXEC), EBADMSG);
    refused(forged(ILV_ARENA_SMALLEST, 0, 1), EBADMSG);
    refused(forged(20, 0, 0x612d6c69), EBADMSG);
    ILV_CHECK(ilv_arena_attach_fd(-1) == NULL);
    ILV_CHECK_INT(errno, EBADF);
}

static void another_version_is_refused(void)
{
    refused(forged(ILV_ARENA_SMALLEST, 8, ILV_ARENA_VERSION + 1), EPROTONOSUPPORT);
}

static void an_arena_cut_short_is_refused(void)
{
    refused(forged(ILV_ARENA_SMALLEST - 4096, 4, 0x616e6572), ENODATA);
    refused(forged(2000, 4, 0x616e6572), ENODATA);
}

static void a_size_above_the_limit_is_refused(void)
{
    refused(forged(ILV_ARENA_SMALLEST, 24, 1U << 31), EBADMSG);
}

static void two_views_are_one_arena(void)
{
    int64_t number = 0;
    struct ilv_arena *arena = ilv_arena_create(NULL, 0, LIMIT);
    struct ilv_dict *dict = with_dict(arena);
    struct ilv_arena *view = ilv_arena_attach_fd(ilv_arena_descriptor(arena));
    if (!ILV_CHECK(view != NULL && view != arena))
        return;
    struct ilv_dict *same = ilv_dict_open(view, ilv_arena_root(view));
    for (int64_t i = 0; i < 3000; i++) {
        ILV_CHECK_INT(ilv_dict_set_int(i % 2 ? dict : same, &i, sizeof i, i), 0);
        ILV_CHECK_INT(ilv_dict_get_int(i % 2 ? same : dict, &i, sizeof i, &number), 0);
        if (!ILV_CHECK_INT(number, i))
            return;
    }
    ILV_CHECK_INT(ilv_dict_check(same), 0);
    ILV_CHECK_INT(ilv_arena_detach(arena), 0);
    ILV_CHECK_INT(ilv_arena_check(view), 0);
}

static void it_is_kept_over_exec(void)
{
    char number[16];
    int status = -1;
    int64_t answer = 0;
    struct ilv_arena *arena = ilv_arena_create(NULL, 0, LIMIT);
    struct ilv_dict *dict = with_dict(arena);
    pid_t child = fork();
    if (child == 0) {
        snprintf(number, sizeof number, "%d", dup(ilv_arena_descriptor(arena)));
        execl(ARENA_PEER, "arena_peer", number, (char *)NULL);
        _exit(99);
    }
    waitpid(child, &status, 0);
    ILV_CHECK_INT(status, 0);
    ILV_CHECK_INT(ilv_dict_get_int(dict, "answer", 6, &answer), 0);
    ILV_CHECK_INT(answer, 42);
}

static void it_is_not_kept_by_chance(void)
{
    struct ilv_arena *arena = ilv_arena_create(NULL, 0, LIMIT);
    ILV_CHECK_INT(fcntl(ilv_arena_descriptor(arena), F_GETFD), FD_CLOEXEC);
    ILV_CHECK_INT(ftruncate(ilv_arena_descriptor(arena), 4096), -1);
    ILV_CHECK_INT(errno, EPERM);
}

ILV_SUITE(attach, ILV_TEST(a_stranger_attaches_by_name), ILV_TEST(detaching_destroys_nothing),
          ILV_TEST(a_taken_name_is_refused), ILV_TEST(bad_names_are_refused),
          ILV_TEST(what_is_no_arena_is_refused), ILV_TEST(another_version_is_refused),
          ILV_TEST(an_arena_cut_short_is_refused), ILV_TEST(a_size_above_the_limit_is_refused),
          ILV_TEST(two_views_are_one_arena), ILV_TEST(it_is_kept_over_exec),
          ILV_TEST(it_is_not_kept_by_chance));
