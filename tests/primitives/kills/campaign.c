/* SPDX-License-Identifier: MIT */
/*
 * campaign.c: see kills.h. The campaign itself starts processes, reaps them, and looks at what
 * survivors have done since; it takes part in nothing.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../sanitizers.h"
#include "actor.h"
#include "kills.h"

#define WATCHDOG_SECONDS 30

/* Who is an actor now; if nobody, since when, and what survivors had begun then. */
struct place {
    pid_t pid;
    double died;
    uint64_t begun[SURVIVORS];
};

struct campaign {
    const struct kind *kind;
    struct world *worlds[MOST_WORLDS];
    struct place places[MOST_WORLDS][ACTORS];
    struct size sizes[MOST_WORLDS][SURVIVORS]; /* after the first tenth */
    unsigned wanted;
    unsigned kills;
    unsigned alive; /* victims, and those to be replaced */
    double longest; /* until survivors had gone on */
    const char *wrong;
};

static struct campaign campaign;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct world *new_world(const struct kind *kind)
{
    struct world *world = mmap(NULL, sizeof *world + kind->size, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (world == MAP_FAILED)
        abort();
    world->kind = kind;
    if (kind->prepare != NULL)
        kind->prepare(world->own);
    return world;
}

/* Mostly short lives: as many below a tenth of a length as above. Sanitizers need longer ones. */
static uint64_t draw_life(const struct kind *kind)
{
    uint64_t most = kind->longest * (ON_TSAN || ON_ASAN ? 10000ULL : 1000ULL);
    for (int i = 0; i < 3 && chance(2) == 0; i++)
        most /= 10;
    return 1000 + chance(most);
}

static void start_actor(unsigned w, unsigned actor)
{
    struct place *place = &campaign.places[w][actor];
    uint64_t life = actor < SURVIVORS ? 0 : draw_life(campaign.kind);
    uint64_t seed = chance(UINT64_MAX);
    pid_t parent = getpid();
    place->died = 0;
    place->pid = fork();
    if (place->pid < 0)
        campaign.wrong = "no more processes";
    if (place->pid != 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent)
        act(campaign.worlds[w], actor, seed, life);
    _exit(0);
}

/* A process has ended. */
static void see_death(unsigned w, unsigned actor, int status)
{
    const struct world *world = campaign.worlds[w];
    struct place *place = &campaign.places[w][actor];
    if (actor < SURVIVORS || !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
        const char *said = __atomic_load_n(&world->wrong, __ATOMIC_ACQUIRE);
        campaign.wrong = said != NULL ? said : "one ends that nobody killed";
        return;
    }
    campaign.kills++;
    place->pid = 0;
    place->died = now();
    for (unsigned s = 0; s < SURVIVORS; s++)
        place->begun[s] = __atomic_load_n(&world->tallies[s].begun, __ATOMIC_RELAXED);
}

static bool reap_one(void)
{
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG);
    for (unsigned w = 0; pid > 0 && w < campaign.kind->worlds; w++)
        for (unsigned actor = 0; actor < ACTORS; actor++)
            if (campaign.places[w][actor].pid == pid) {
                see_death(w, actor, status);
                return true;
            }
    return false;
}

/* Each survivor has ended an operation that it began later. */
static bool went_on(unsigned w, const struct place *place)
{
    for (unsigned s = 0; s < SURVIVORS; s++)
        if (__atomic_load_n(&campaign.worlds[w]->tallies[s].done, __ATOMIC_RELAXED) <=
            place->begun[s])
            return false;
    return true;
}

/* The place of a dead victim; the last ones are not replaced, so that survivors are alone. */
static void look_at(unsigned w, unsigned actor)
{
    struct place *place = &campaign.places[w][actor];
    bool on = went_on(w, place);
    double took = now() - place->died;
    campaign.longest = took > campaign.longest ? took : campaign.longest;
    if (took > WATCHDOG_SECONDS)
        campaign.wrong = "they hang";
    bool more = campaign.kills < campaign.wanted;
    if (more && (on || campaign.kind->at_once))
        start_actor(w, actor);
    else if (!more && (on || campaign.kind->at_once)) {
        place->died = 0;
        campaign.alive--;
    }
}

static void look_at_all(void)
{
    for (unsigned w = 0; w < campaign.kind->worlds; w++)
        for (unsigned actor = SURVIVORS; actor < ACTORS; actor++)
            if (campaign.places[w][actor].died > 0)
                look_at(w, actor);
}

static void note_sizes(void)
{
    for (unsigned w = 0; w < campaign.kind->worlds; w++)
        memcpy(campaign.sizes[w], campaign.worlds[w]->sizes, sizeof campaign.sizes[w]);
}

static bool have_grown(void)
{
    for (unsigned w = 0; w < campaign.kind->worlds; w++)
        for (unsigned s = 0; s < SURVIVORS; s++) {
            const struct size *before = &campaign.sizes[w][s];
            const struct size *after = &campaign.worlds[w]->sizes[s];
            if (before->bytes != 0 &&
                (after->bytes > before->bytes + GROWTH || after->descriptor > before->descriptor))
                return true;
        }
    return false;
}

static void kill_them(void)
{
    bool noted = false;
    while (campaign.wrong == NULL && campaign.alive > 0) {
        const struct timespec nap = {0, 50000};
        bool reaped = false;
        while (campaign.wrong == NULL && reap_one())
            reaped = true;
        look_at_all();
        if (!reaped)
            nanosleep(&nap, NULL);
        if (!noted && campaign.kills >= campaign.wanted / 10) {
            note_sizes();
            noted = true;
        }
    }
    if (campaign.wrong == NULL && have_grown())
        campaign.wrong = "memory or descriptors grow";
}

static void end_all(void)
{
    for (unsigned w = 0; w < campaign.kind->worlds; w++)
        for (unsigned actor = 0; actor < ACTORS; actor++)
            if (campaign.places[w][actor].pid > 0) {
                kill(campaign.places[w][actor].pid, SIGKILL);
                waitpid(campaign.places[w][actor].pid, NULL, 0);
            }
}

static void judge_all(struct outcome *outcome)
{
    alarm(WATCHDOG_SECONDS);
    for (unsigned w = 0; w < campaign.kind->worlds && campaign.wrong == NULL; w++)
        campaign.wrong = campaign.kind->judge(campaign.worlds[w]->own, outcome);
    alarm(0);
    if (campaign.wrong == NULL && outcome->acknowledged == 0)
        campaign.wrong = "nothing was ever done";
}

/* Operations that were done, and those that a death cut short. */
static void sum_up(uint64_t *done, uint64_t *cut)
{
    for (unsigned w = 0; w < campaign.kind->worlds; w++)
        for (unsigned actor = 0; actor < ACTORS; actor++) {
            const struct tally *tally = &campaign.worlds[w]->tallies[actor];
            *done += tally->done;
            *cut += actor < SURVIVORS ? 0 : tally->begun - tally->done;
        }
}

static void report(const struct outcome *outcome, double seconds)
{
    const struct kind *kind = campaign.kind;
    uint64_t done = 0;
    uint64_t cut = 0;
    sum_up(&done, &cut);
    printf("%s: %u killed in %.1f s, %lu of them amid an operation; %lu operations; after each "
           "death all went on within %.0f ms; ",
           kind->name, campaign.kills, seconds, (unsigned long)cut, (unsigned long)done,
           campaign.longest * 1e3);
    printf("%lu %s acknowledged, %lu lost, %lu more that the dead were at",
           (unsigned long)outcome->acknowledged, kind->things, (unsigned long)outcome->lost,
           (unsigned long)outcome->unknown);
    if (kind->told != NULL)
        printf(", %lu %s", (unsigned long)outcome->told, kind->told);
    printf(" (%s)\n", kind->why);
    if (campaign.wrong != NULL)
        printf("%s: %s\n", kind->name, campaign.wrong);
}

static bool run(const struct kind *kind, unsigned kills)
{
    struct outcome outcome = {.kills = 0};
    double start = now();
    memset(&campaign, 0, sizeof campaign);
    campaign.kind = kind;
    campaign.wanted = kills;
    campaign.alive = kind->worlds * (ACTORS - SURVIVORS);
    for (unsigned w = 0; w < kind->worlds; w++)
        campaign.worlds[w] = new_world(kind);
    for (unsigned w = 0; w < kind->worlds; w++)
        for (unsigned actor = 0; actor < ACTORS; actor++)
            start_actor(w, actor);
    kill_them();
    end_all();
    outcome.kills = campaign.kills + SURVIVORS * kind->worlds;
    judge_all(&outcome);
    report(&outcome, now() - start);
    for (unsigned w = 0; w < kind->worlds; w++)
        munmap(campaign.worlds[w], sizeof(struct world) + kind->size);
    return campaign.wrong == NULL;
}

int main(int argc, char **argv)
{
    static const struct kind *const lists[] = {locks_kinds, waits_kinds,   memory_kinds,
                                               queue_kinds, process_kinds, NULL};
    unsigned kills = wanted_kills(argc, argv);
    bool well = true;
    int ran = 0;
    begin_campaigns("who looks at what is left hangs\n");
    for (size_t i = 0; lists[i] != NULL; i++)
        for (const struct kind *kind = lists[i]; kind->name != NULL; kind++)
            if (is_wanted(kind->name, argc, argv)) {
                seed_chance();
                well = run(kind, kills) && well;
                ran++;
            }
    return well && ran > 0 ? 0 : 1;
}
