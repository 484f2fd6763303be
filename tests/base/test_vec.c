/* SPDX-License-Identifier: MIT */
#include "vec.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ilv_test.h"

struct pair {
    int a;
    int b;
};

static void elements_stay_in_order_while_it_grows(void)
{
    ILV_VEC(uint32_t) numbers = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        ilv_vec_push(&numbers, i * 3);
    }
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        wrong += numbers.at[i] != i * 3;
    }
    ILV_CHECK_U64(numbers.count, 1000);
    ILV_CHECK_INT(wrong, 0);
    ilv_vec_free(&numbers);
}

static void structures_are_pushed_as_literals(void)
{
    ILV_VEC(struct pair) pairs = {0};
    ilv_vec_push(&pairs, (struct pair){1, 2});
    ilv_vec_push(&pairs, (struct pair){3, 4});
    ILV_CHECK_INT(pairs.at[0].b, 2);
    ILV_CHECK_INT(pairs.at[1].a, 3);
    ilv_vec_free(&pairs);
}

static void freeing_leaves_an_empty_vector_that_can_be_used(void)
{
    ILV_VEC(int) numbers = {0};
    ilv_vec_free(&numbers);
    ILV_CHECK(numbers.at == NULL);
    ilv_vec_push(&numbers, 5);
    ILV_CHECK_INT(numbers.at[0], 5);
    ilv_vec_free(&numbers);
    ILV_CHECK_U64(numbers.count, 0);
    ILV_CHECK_U64(numbers.room, 0);
}

static void reserving_makes_the_room_at_once(void)
{
    ILV_VEC(int) numbers = {0};
    ilv_vec_reserve(&numbers, 100);
    int *before = numbers.at;
    ILV_CHECK(numbers.room >= 100);
    for (int i = 0; i < 100; i++) {
        ilv_vec_push(&numbers, i);
    }
    ILV_CHECK(numbers.at == before);
    ilv_vec_free(&numbers);
}

static void impossible_sizes_end_the_program_with_a_sentence(void)
{
    int ends[2];
    if (!ILV_CHECK_INT(pipe(ends), 0)) {
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        ILV_VEC(uint64_t) numbers = {0};
        ilv_vec_reserve(&numbers, SIZE_MAX / 4);
        _exit(0);
    }
    (void)close(ends[1]);
    char text[200] = "";
    ssize_t size = read(ends[0], text, sizeof text - 1);
    (void)close(ends[0]);
    int status = 0;
    ILV_CHECK_INT(waitpid(child, &status, 0), child);
    ILV_CHECK(size > 0 && strstr(text, "interleave: out of memory: ") == text);
    ILV_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void copies_are_terminated(void)
{
    char *word = ilv_copy_bytes("abcdef", 3);
    char *none = ilv_copy_bytes(NULL, 0);
    ILV_CHECK_STR(word, "abc");
    ILV_CHECK_STR(none, "");
    free(word);
    free(none);
}

ILV_SUITE(vec, ILV_TEST(elements_stay_in_order_while_it_grows),
          ILV_TEST(structures_are_pushed_as_literals),
          ILV_TEST(freeing_leaves_an_empty_vector_that_can_be_used),
          ILV_TEST(reserving_makes_the_room_at_once),
          ILV_TEST(impossible_sizes_end_the_program_with_a_sentence),
          ILV_TEST(copies_are_terminated));
