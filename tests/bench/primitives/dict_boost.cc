// SPDX-License-Identifier: MIT
// Boost's unordered_map in shared memory of Boost.Interprocess, under a mutex of glibc.
#include <array>
#include <boost/interprocess/allocators/allocator.hpp>
#include <boost/interprocess/managed_external_buffer.hpp>
#include <boost/unordered_map.hpp>
#include <cstdint>
#include <cstring>
#include <pthread.h>
#include <sys/mman.h>

#include "dict_contender.h"

namespace
{

namespace bip = boost::interprocess;

using Key = std::array<char, KEY>;
using Value = std::array<char, VALUE>;
using Pair = std::pair<const Key, Value>;
using Buffer = bip::managed_external_buffer;
using Allocator = bip::allocator<Pair, Buffer::segment_manager>;

struct Hash {
    std::size_t operator()(const Key &key) const
    {
        std::uint64_t a;
        std::uint64_t b;
        std::memcpy(&a, key.data(), sizeof a);
        std::memcpy(&b, key.data() + sizeof a, sizeof b);
        return (a ^ (b >> 29)) * 0x9e3779b97f4a7c15ULL ^ b;
    }
};

using Map = boost::unordered_map<Key, Value, Hash, std::equal_to<Key>, Allocator>;

struct Shared {
    pthread_mutex_t mutex;
    Map *map;
};

Shared *make_shared(int robust)
{
    const std::size_t size = std::size_t{64} << 20;
    void *memory =
        mmap(nullptr, size + 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return nullptr;
    auto *shared = static_cast<Shared *>(memory);
    auto *buffer = new Buffer(bip::create_only, static_cast<char *>(memory) + 4096, size);
    shared->map = buffer->construct<Map>("map")(16, Hash(), std::equal_to<Key>(),
                                                Allocator(buffer->get_segment_manager()));
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, robust);
    pthread_mutex_init(&shared->mutex, &attributes);
    return shared;
}

Shared *robust_one;
Shared *plain_one;

int set(Shared *shared, const void *key, const void *value)
{
    Key k;
    Value v;
    std::memcpy(k.data(), key, KEY);
    std::memcpy(v.data(), value, VALUE);
    pthread_mutex_lock(&shared->mutex);
    (*shared->map)[k] = v;
    return pthread_mutex_unlock(&shared->mutex);
}

int get(Shared *shared, const void *key, void *value)
{
    Key k;
    std::memcpy(k.data(), key, KEY);
    pthread_mutex_lock(&shared->mutex);
    auto found = shared->map->find(k);
    const bool there = found != shared->map->end();
    if (there)
        std::memcpy(value, found->second.data(), VALUE);
    pthread_mutex_unlock(&shared->mutex);
    return there ? 0 : 1;
}

} // namespace

extern "C" {

static int begin(void)
{
    return 0;
}

static int make_robust(unsigned long)
{
    return (robust_one = make_shared(PTHREAD_MUTEX_ROBUST)) == nullptr;
}

static int set_robust(const void *key, const void *value)
{
    return set(robust_one, key, value);
}

static int get_robust(const void *key, void *value)
{
    return get(robust_one, key, value);
}

static int make_plain(unsigned long)
{
    return (plain_one = make_shared(PTHREAD_MUTEX_STALLED)) == nullptr;
}

static int set_plain(const void *key, const void *value)
{
    return set(plain_one, key, value);
}

static int get_plain(const void *key, void *value)
{
    return get(plain_one, key, value);
}

const struct contender dict_boost_robust = {"Boost, robust mutex", make_robust, begin, set_robust,
                                            get_robust};
const struct contender dict_boost_plain = {"Boost, plain mutex", make_plain, begin, set_plain,
                                           get_plain};
}
