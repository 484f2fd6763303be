/* SPDX-License-Identifier: MIT */
/* arena_peer FD: a program that comes to an arena by a descriptor that it was started with. */
#include <ilv/dict.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    struct ilv_arena *arena = argc == 2 ? ilv_arena_attach_fd(atoi(argv[1])) : NULL;
    struct ilv_dict *dict = ilv_dict_open(arena, ilv_arena_root(arena));
    return dict != NULL ? ilv_dict_set_int(dict, "answer", 6, 42) : 1;
}
