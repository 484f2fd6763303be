/* SPDX-License-Identifier: MIT */
/*
 * sanitizer_once.c: what is done once, under ThreadSanitizer.
 *
 * Of pthread_once and of the guards of C++ statics ThreadSanitizer has versions of its own, which
 * never come to libc's, so our models would not see them. Before any of the program's code has
 * run, the first instructions of these functions are replaced by a jump to the doors below. There
 * the models do the work, and ThreadSanitizer is told what they order.
 *
 *   the initialiser has returned    release   before anybody can see that it is done
 *   it is seen that it is done      acquire
 */
#include <string.h>
#include <sys/mman.h>

#include "intercept/doors.h"
#include "intercept/sanitizer.h"

#define PAGE_MASK (~(uintptr_t)4095)
#define JUMP_SIZE 14

static void (*acquire)(void *place); /* ThreadSanitizer's; NULL until it is up */
static void (*release)(void *place);
static bool up;

static void seen_done(void *place)
{
    if (up && acquire != NULL)
        acquire(place);
}

static void has_done(void *place)
{
    if (up && release != NULL)
        release(place);
}

/* ---- the doors ---------------------------------------------------------------------------- */

struct pending {
    pthread_once_t *control;
    void (*initialiser)(void);
};
static ILV_TLS struct pending pending;

static void initialise(void)
{
    struct pending mine = pending;
    mine.initialiser();
    has_done(mine.control);
}

static int once(pthread_once_t *control, void (*initialiser)(void))
{
    struct pending outer = pending;
    pending = (struct pending){control, initialiser};
    int error = ilv_door_pthread_once(control, initialise);
    pending = outer;
    seen_done(control);
    return error;
}

static int guard_acquire(uint64_t *guard)
{
    int mine = ilv_door___cxa_guard_acquire(guard);
    if (mine == 0)
        seen_done(guard);
    return mine;
}

static void guard_release(uint64_t *guard)
{
    has_done(guard);
    ilv_door___cxa_guard_release(guard);
}

/* ---- the jumps ---------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*door)(void);
} replaced[] = {
    {"interceptor_pthread_once", (void (*)(void))once},
    {"cxa_guard_acquire", (void (*)(void))guard_acquire},
    {"cxa_guard_release", (void (*)(void))guard_release},
    {"cxa_guard_abort", (void (*)(void))ilv_door___cxa_guard_abort},
};
#define REPLACED (sizeof replaced / sizeof replaced[0])

static uint64_t place[REPLACED];

void ilv__sanitizer_once_symbol(const char *name, uint64_t address, uint64_t size)
{
    if (strcmp(name, "__tsan_acquire") == 0)
        memcpy(&acquire, &address, sizeof address);
    if (strcmp(name, "__tsan_release") == 0)
        memcpy(&release, &address, sizeof address);
    const char *plain = name + strspn(name, "_");
    for (size_t i = 0; i < REPLACED; i++)
        if (size >= JUMP_SIZE && strcmp(plain, replaced[i].name) == 0)
            place[i] = address;
}

/* jmp *0(%rip), and the address behind it. */
static void put_jump(uint64_t at, void (*to)(void))
{
    uint8_t code[JUMP_SIZE] = {0xff, 0x25};
    uintptr_t target = (uintptr_t)to;
    uint8_t *start = (uint8_t *)(uintptr_t)at;
    uint8_t *page = (uint8_t *)(at & PAGE_MASK);
    size_t size = (size_t)(start + JUMP_SIZE - page);
    memcpy(code + sizeof code - sizeof target, &target, sizeof target);
    if (mprotect(page, size, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
        return;
    memcpy(start, code, sizeof code);
    mprotect(page, size, PROT_READ | PROT_EXEC);
}

void ilv__sanitizer_once_replace(void)
{
    for (size_t i = 0; i < REPLACED; i++)
        if (place[i] != 0)
            put_jump(place[i], replaced[i].door);
}

void ilv__sanitizer_once_up(void)
{
    up = true;
}
