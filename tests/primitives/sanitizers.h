/* SPDX-License-Identifier: MIT */
/* sanitizers.h: which sanitizer a test is compiled for, and what they and valgrind are told. */
#ifndef SANITIZERS_H
#define SANITIZERS_H

#include <stddef.h>

#if defined(__SANITIZE_THREAD__)
#define ON_TSAN true
#elif defined(__has_feature)
#define ON_TSAN __has_feature(thread_sanitizer)
#else
#define ON_TSAN false
#endif

#if defined(__SANITIZE_ADDRESS__)
#define ON_ASAN true
#elif defined(__has_feature)
#define ON_ASAN __has_feature(address_sanitizer)
#else
#define ON_ASAN false
#endif

/* A word of a test is atomic and orders nothing: helgrind and DRD, which take every access for a
 * plain one, are not to look at it. Said before each access, as memory is used again. */
void relaxed_word(const void *word, size_t size);

#endif
