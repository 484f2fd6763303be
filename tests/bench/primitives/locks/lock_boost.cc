// SPDX-License-Identifier: MIT
// bench_lock_boost: Boost.Interprocess's mutex; see contend.h.
#include <boost/interprocess/sync/interprocess_mutex.hpp>

#include <new>

#include "contend.h"

using boost::interprocess::interprocess_mutex;

static void make(void *memory, int)
{
    static_assert(sizeof(interprocess_mutex) <= CONTEND_SIZE, "it fits");
    new (memory) interprocess_mutex;
}

static void lock(void *memory)
{
    static_cast<interprocess_mutex *>(memory)->lock();
}

static void unlock(void *memory)
{
    static_cast<interprocess_mutex *>(memory)->unlock();
}

int main(int argc, char **argv)
{
    static const contender table[] = {{"boost", make, lock, unlock}, {}};
    return contend(argc, argv, table);
}
