/* SPDX-License-Identifier: MIT */
/*
 * names.c: names of this run.
 *
 * Ports: the first bind to a port asks the kernel for any free one; from then on the two stand
 * for each other. A second bind to the same port goes to the same real one, so that EADDRINUSE
 * and SO_REUSEPORT are the kernel's own. Port 0 gets numbers of ours, counted from FIRST_PORT.
 * A port that this program never bound is left as it is: it belongs to somebody outside.
 *
 * Everything else gets a tag with the number of the run's process, which no other run has.
 */
#include "objects/names.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "objects/leftovers.h"

#define PORTS 256
#define FIRST_PORT 32768
#define SHM "/dev/shm/"

static struct {
    uint16_t shown; /* host order */
    uint16_t real;
} port[PORTS];
static uint32_t ports;
static uint16_t ports_given;

/* ---- the tag ------------------------------------------------------------------------------ */

static uint32_t real_pid(void)
{
    return (uint32_t)ilv__syscall_raw(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

const char *ilv__name_tag(uint32_t pid, char out[ILV_TAG_SIZE])
{
    static const char digit[] = "0123456789abcdef";
    memcpy(out, "ilv-", 4);
    for (int i = 0; i < 8; i++)
        out[4 + i] = digit[pid >> (28 - 4 * i) & 15];
    out[12] = 0;
    return out;
}

static const char *tag(char out[ILV_TAG_SIZE])
{
    return ilv__name_tag(real_pid(), out);
}

static char *append(char *to, const char *text)
{
    while (*text != 0)
        *to++ = *text++;
    *to = 0;
    return to;
}

static const char *tagged(const char *prefix, const char *name, char renamed[ILV_NAME_MAX])
{
    char mark[ILV_TAG_SIZE];
    if (strlen(prefix) + strlen(name) + ILV_TAG_SIZE + 2 > ILV_NAME_MAX)
        return NULL;
    append(append(append(append(renamed, prefix), tag(mark)), "-"), name);
    return renamed;
}

const char *ilv__name_path(const char *path, char renamed[ILV_NAME_MAX])
{
    if (path == NULL || strncmp(path, SHM, sizeof SHM - 1) != 0 || path[sizeof SHM - 1] == 0)
        return path;
    const char *name = tagged(SHM, path + sizeof SHM - 1, renamed);
    ilv__leftover_path();
    return name != NULL ? name : path;
}

const char *ilv__name_queue(const char *name, char renamed[ILV_NAME_MAX])
{
    const char *other = tagged("", name, renamed);
    return other != NULL ? other : name;
}

long ilv__name_key(long key)
{
    const long private_key = 0;
    uint32_t mixed = (uint32_t)key ^ real_pid() * UINT32_C(2654435761);
    return key == private_key || mixed == 0 ? key : (long)(int32_t)mixed;
}

/* ---- ports -------------------------------------------------------------------------------- */

static uint16_t *port_field(void *address, socklen_t size)
{
    struct sockaddr *a = address;
    if (a == NULL || size < sizeof(struct sockaddr_in))
        return NULL;
    if (a->sa_family == AF_INET)
        return &((struct sockaddr_in *)address)->sin_port;
    if (a->sa_family == AF_INET6 && size >= offsetof(struct sockaddr_in6, sin6_addr))
        return &((struct sockaddr_in6 *)address)->sin6_port;
    return NULL;
}

static uint16_t real_port(uint16_t shown)
{
    for (uint32_t i = 0; i < ports; i++)
        if (port[i].shown == shown)
            return port[i].real;
    return 0;
}

static uint16_t shown_port(uint16_t real)
{
    for (uint32_t i = 0; i < ports; i++)
        if (port[i].real == real)
            return port[i].shown;
    return 0;
}

static void remember(uint16_t shown, uint16_t real)
{
    if (ports == PORTS)
        ilv__limited("more than 256 ports");
    port[ports].shown = shown;
    port[ports++].real = real;
}

static uint16_t next_free_port(void)
{
    uint16_t candidate;
    do {
        candidate = (uint16_t)(FIRST_PORT + ports_given++);
    } while (real_port(candidate) != 0);
    return candidate;
}

/* A real port that the kernel chose without being asked (the caller's end of a connection). */
static uint16_t shown_or_new(uint16_t real)
{
    uint16_t shown = shown_port(real);
    if (shown != 0 || real == 0)
        return shown;
    shown = next_free_port();
    remember(shown, real);
    return shown;
}

/* ---- addresses ---------------------------------------------------------------------------- */

static bool is_abstract(const void *address, socklen_t size)
{
    const struct sockaddr_un *un = address;
    return size > offsetof(struct sockaddr_un, sun_path) && un->sun_family == AF_UNIX &&
           un->sun_path[0] == 0;
}

static void tag_abstract(struct sockaddr_un *un, socklen_t *size)
{
    char mark[ILV_TAG_SIZE];
    if (*size + 12 > sizeof *un)
        ilv__limited("a long abstract socket name is not modelled");
    memcpy((char *)un + *size, tag(mark), 12);
    *size += 12;
}

static void untag_abstract(const struct sockaddr_un *un, socklen_t *size)
{
    char mark[ILV_TAG_SIZE];
    socklen_t least = offsetof(struct sockaddr_un, sun_path) + 1 + 12;
    if (*size >= least && memcmp((const char *)un + *size - 12, tag(mark), 12) == 0)
        *size -= 12;
}

void *ilv__name_inward(int fd, const void *address, socklen_t *size, struct sockaddr_storage *room)
{
    (void)fd;
    memset(room, 0, sizeof *room);
    memcpy(room, address, *size < sizeof *room ? *size : sizeof *room);
    if (is_abstract(address, *size))
        tag_abstract((struct sockaddr_un *)room, size);
    uint16_t *field = port_field(room, *size);
    uint16_t real = field != NULL ? real_port(ntohs(*field)) : 0;
    if (real != 0)
        *field = htons(real);
    return room;
}

void ilv__name_outward(int fd, void *address, socklen_t *size)
{
    (void)fd;
    if (address == NULL)
        return;
    if (is_abstract(address, *size))
        untag_abstract(address, size);
    uint16_t *field = port_field(address, *size);
    if (field != NULL && !ilv__name_outside(address, *size))
        *field = htons(shown_or_new(ntohs(*field)));
}

bool ilv__name_outside(const void *address, socklen_t size)
{
    const struct sockaddr *a = address;
    if (a->sa_family == AF_INET && size >= sizeof(struct sockaddr_in)) {
        uint32_t ip = ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr);
        return ip >> 24 != 127 && ip != INADDR_ANY;
    }
    if (a->sa_family == AF_INET6 && size >= sizeof(struct sockaddr_in6)) {
        const struct in6_addr *ip = &((const struct sockaddr_in6 *)address)->sin6_addr;
        return !IN6_IS_ADDR_LOOPBACK(ip) && !IN6_IS_ADDR_UNSPECIFIED(ip);
    }
    return false;
}

static uint16_t bound_port(int fd)
{
    struct sockaddr_storage now;
    socklen_t size = sizeof now;
    ilv__syscall_raw(SYS_getsockname, fd, (long)&now, (long)&size, 0, 0, 0);
    uint16_t *field = port_field(&now, size);
    return field != NULL ? ntohs(*field) : 0;
}

static uint16_t named_port(const void *address, socklen_t size)
{
    struct sockaddr_storage copy = {0};
    memcpy(&copy, address, size < sizeof copy ? size : sizeof copy);
    const uint16_t *field = port_field(&copy, size);
    return field != NULL ? ntohs(*field) : 0;
}

long ilv__name_bind(int fd, const void *address, socklen_t size)
{
    struct sockaddr_storage room;
    uint16_t wanted = named_port(address, size);
    ilv__name_inward(fd, address, &size, &room);
    uint16_t *field = port_field(&room, size);
    if (field != NULL)
        *field = htons(wanted != 0 ? real_port(wanted) : 0);
    long error = ilv__syscall_raw(SYS_bind, fd, (long)&room, (long)size, 0, 0, 0);
    if (error != 0 || field == NULL || real_port(wanted) != 0)
        return error;
    remember(wanted != 0 ? wanted : next_free_port(), bound_port(fd));
    return 0;
}
