/* SPDX-License-Identifier: MIT */
/* Opens a library whose constructor starts a thread. */
/* status: 0 */
/* says: NO FAILURE in 20 runs (not a proof): # distinct behaviours */
#include <dlfcn.h>
#include <stddef.h>

int main(void)
{
    void *library = dlopen(THREADED_LIBRARY, RTLD_NOW);
    int (*finish)(void);
    if (library == NULL)
        return 1;
    *(void **)&finish = dlsym(library, "threaded_finish");
    return finish != NULL && finish() == 2 ? 0 : 1;
}
