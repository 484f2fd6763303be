/* SPDX-License-Identifier: MIT */
/*
 * file.c: the doors of descriptors. Each is the system call that libc's function makes, carried
 * out by the one table of system calls.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "intercept/doors.h"
#include "intercept/syscalls.h"

ssize_t ilv_door_read(int fd, void *buffer, size_t size)
{
    ILV_DOOR_ERRNO(ssize_t, read(fd, buffer, size),
                   ilv__syscall(SYS_read, fd, (long)buffer, (long)size, 0, 0, 0));
}

ssize_t ilv_door_write(int fd, const void *buffer, size_t size)
{
    ILV_DOOR_ERRNO(ssize_t, write(fd, buffer, size),
                   ilv__syscall(SYS_write, fd, (long)buffer, (long)size, 0, 0, 0));
}

ssize_t ilv_door___read(int fd, void *buffer, size_t size)
{
    ILV_DOOR_ERRNO(ssize_t, __read(fd, buffer, size),
                   ilv__syscall(SYS_read, fd, (long)buffer, (long)size, 0, 0, 0));
}

ssize_t ilv_door___write(int fd, const void *buffer, size_t size)
{
    ILV_DOOR_ERRNO(ssize_t, __write(fd, buffer, size),
                   ilv__syscall(SYS_write, fd, (long)buffer, (long)size, 0, 0, 0));
}

ssize_t ilv_door_readv(int fd, const struct iovec *vector, int count)
{
    ILV_DOOR_ERRNO(ssize_t, readv(fd, vector, count),
                   ilv__syscall(SYS_readv, fd, (long)vector, count, 0, 0, 0));
}

ssize_t ilv_door_writev(int fd, const struct iovec *vector, int count)
{
    ILV_DOOR_ERRNO(ssize_t, writev(fd, vector, count),
                   ilv__syscall(SYS_writev, fd, (long)vector, count, 0, 0, 0));
}

ssize_t ilv_door_pread(int fd, void *buffer, size_t size, off_t offset)
{
    ILV_DOOR_ERRNO(ssize_t, pread(fd, buffer, size, offset),
                   ilv__syscall(SYS_pread64, fd, (long)buffer, (long)size, offset, 0, 0));
}

ssize_t ilv_door_pread64(int fd, void *buffer, size_t size, off_t offset)
{
    ILV_DOOR_ERRNO(ssize_t, pread64(fd, buffer, size, offset),
                   ilv__syscall(SYS_pread64, fd, (long)buffer, (long)size, offset, 0, 0));
}

ssize_t ilv_door_pwrite(int fd, const void *buffer, size_t size, off_t offset)
{
    ILV_DOOR_ERRNO(ssize_t, pwrite(fd, buffer, size, offset),
                   ilv__syscall(SYS_pwrite64, fd, (long)buffer, (long)size, offset, 0, 0));
}

ssize_t ilv_door_pwrite64(int fd, const void *buffer, size_t size, off_t offset)
{
    ILV_DOOR_ERRNO(ssize_t, pwrite64(fd, buffer, size, offset),
                   ilv__syscall(SYS_pwrite64, fd, (long)buffer, (long)size, offset, 0, 0));
}

ssize_t ilv_door_send(int fd, const void *buffer, size_t size, int flags)
{
    ILV_DOOR_ERRNO(ssize_t, send(fd, buffer, size, flags),
                   ilv__syscall(SYS_sendto, fd, (long)buffer, (long)size, flags, 0, 0));
}

ssize_t ilv_door___send(int fd, const void *buffer, size_t size, int flags)
{
    ILV_DOOR_ERRNO(ssize_t, __send(fd, buffer, size, flags),
                   ilv__syscall(SYS_sendto, fd, (long)buffer, (long)size, flags, 0, 0));
}

ssize_t ilv_door_sendto(int fd, const void *buffer, size_t size, int flags,
                        const struct sockaddr *to, unsigned length)
{
    ILV_DOOR_ERRNO(
        ssize_t, sendto(fd, buffer, size, flags, to, length),
        ilv__syscall(SYS_sendto, fd, (long)buffer, (long)size, flags, (long)to, (long)length));
}

ssize_t ilv_door_sendmsg(int fd, const struct msghdr *message, int flags)
{
    ILV_DOOR_ERRNO(ssize_t, sendmsg(fd, message, flags),
                   ilv__syscall(SYS_sendmsg, fd, (long)message, flags, 0, 0, 0));
}

ssize_t ilv_door_recv(int fd, void *buffer, size_t size, int flags)
{
    ILV_DOOR_ERRNO(ssize_t, recv(fd, buffer, size, flags),
                   ilv__syscall(SYS_recvfrom, fd, (long)buffer, (long)size, flags, 0, 0));
}

ssize_t ilv_door_recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *from,
                          unsigned *length)
{
    ILV_DOOR_ERRNO(
        ssize_t, recvfrom(fd, buffer, size, flags, from, length),
        ilv__syscall(SYS_recvfrom, fd, (long)buffer, (long)size, flags, (long)from, (long)length));
}

ssize_t ilv_door_recvmsg(int fd, struct msghdr *message, int flags)
{
    ILV_DOOR_ERRNO(ssize_t, recvmsg(fd, message, flags),
                   ilv__syscall(SYS_recvmsg, fd, (long)message, flags, 0, 0, 0));
}

int ilv_door_open(const char *path, int flags, mode_t mode)
{
    ILV_DOOR_ERRNO(int, open(path, flags, mode),
                   ilv__syscall(SYS_openat, AT_FDCWD, (long)path, flags, (long)mode, 0, 0));
}

int ilv_door_open64(const char *path, int flags, mode_t mode)
{
    ILV_DOOR_ERRNO(int, open64(path, flags, mode),
                   ilv__syscall(SYS_openat, AT_FDCWD, (long)path, flags, (long)mode, 0, 0));
}

int ilv_door___open(const char *path, int flags, mode_t mode)
{
    ILV_DOOR_ERRNO(int, __open(path, flags, mode),
                   ilv__syscall(SYS_openat, AT_FDCWD, (long)path, flags, (long)mode, 0, 0));
}

int ilv_door___open64(const char *path, int flags, mode_t mode)
{
    ILV_DOOR_ERRNO(int, __open64(path, flags, mode),
                   ilv__syscall(SYS_openat, AT_FDCWD, (long)path, flags, (long)mode, 0, 0));
}

int ilv_door_openat(int directory, const char *path, int flags, mode_t mode)
{
    ILV_DOOR_ERRNO(int, openat(directory, path, flags, mode),
                   ilv__syscall(SYS_openat, directory, (long)path, flags, (long)mode, 0, 0));
}

int ilv_door_openat64(int directory, const char *path, int flags, mode_t mode)
{
    ILV_DOOR_ERRNO(int, openat64(directory, path, flags, mode),
                   ilv__syscall(SYS_openat, directory, (long)path, flags, (long)mode, 0, 0));
}

int ilv_door_creat(const char *path, mode_t mode)
{
    ILV_DOOR_ERRNO(int, creat(path, mode),
                   ilv__syscall(SYS_creat, (long)path, (long)mode, 0, 0, 0, 0));
}

int ilv_door_close(int fd)
{
    ILV_DOOR_ERRNO(int, close(fd), ilv__syscall(SYS_close, fd, 0, 0, 0, 0, 0));
}

int ilv_door___close(int fd)
{
    ILV_DOOR_ERRNO(int, __close(fd), ilv__syscall(SYS_close, fd, 0, 0, 0, 0, 0));
}

int ilv_door_close_range(unsigned first, unsigned last, int flags)
{
    ILV_DOOR_ERRNO(int, close_range(first, last, flags),
                   ilv__syscall(SYS_close_range, (long)first, (long)last, flags, 0, 0, 0));
}

int ilv_door_dup(int fd)
{
    ILV_DOOR_ERRNO(int, dup(fd), ilv__syscall(SYS_dup, fd, 0, 0, 0, 0, 0));
}

int ilv_door_dup2(int fd, int copy)
{
    ILV_DOOR_ERRNO(int, dup2(fd, copy), ilv__syscall(SYS_dup2, fd, copy, 0, 0, 0, 0));
}

int ilv_door_dup3(int fd, int copy, int flags)
{
    ILV_DOOR_ERRNO(int, dup3(fd, copy, flags), ilv__syscall(SYS_dup3, fd, copy, flags, 0, 0, 0));
}

int ilv_door_fcntl(int fd, int command, long argument)
{
    ILV_DOOR_ERRNO(int, fcntl(fd, command, argument),
                   ilv__syscall(SYS_fcntl, fd, command, argument, 0, 0, 0));
}

int ilv_door___fcntl(int fd, int command, long argument)
{
    ILV_DOOR_ERRNO(int, __fcntl(fd, command, argument),
                   ilv__syscall(SYS_fcntl, fd, command, argument, 0, 0, 0));
}

int ilv_door_fcntl64(int fd, int command, long argument)
{
    ILV_DOOR_ERRNO(int, fcntl64(fd, command, argument),
                   ilv__syscall(SYS_fcntl, fd, command, argument, 0, 0, 0));
}

int ilv_door_ioctl(int fd, unsigned long request, long argument)
{
    ILV_DOOR_ERRNO(int, ioctl(fd, request, argument),
                   ilv__syscall(SYS_ioctl, fd, (long)request, argument, 0, 0, 0));
}

int ilv_door_flock(int fd, int operation)
{
    ILV_DOOR_ERRNO(int, flock(fd, operation), ilv__syscall(SYS_flock, fd, operation, 0, 0, 0, 0));
}

int ilv_door_pipe(int *ends)
{
    ILV_DOOR_ERRNO(int, pipe(ends), ilv__syscall(SYS_pipe2, (long)ends, 0, 0, 0, 0, 0));
}

int ilv_door_pipe2(int *ends, int flags)
{
    ILV_DOOR_ERRNO(int, pipe2(ends, flags), ilv__syscall(SYS_pipe2, (long)ends, flags, 0, 0, 0, 0));
}

int ilv_door_eventfd(unsigned count, int flags)
{
    ILV_DOOR_ERRNO(int, eventfd(count, flags),
                   ilv__syscall(SYS_eventfd2, (long)count, flags, 0, 0, 0, 0));
}

int ilv_door_socketpair(int domain, int type, int protocol, int *ends)
{
    ILV_DOOR_ERRNO(int, socketpair(domain, type, protocol, ends),
                   ilv__syscall(SYS_socketpair, domain, type, protocol, (long)ends, 0, 0));
}

int ilv_door_socket(int domain, int type, int protocol)
{
    ILV_DOOR_ERRNO(int, socket(domain, type, protocol),
                   ilv__syscall(SYS_socket, domain, type, protocol, 0, 0, 0));
}

int ilv_door_bind(int fd, const struct sockaddr *address, unsigned size)
{
    ILV_DOOR_ERRNO(int, bind(fd, address, size),
                   ilv__syscall(SYS_bind, fd, (long)address, (long)size, 0, 0, 0));
}

int ilv_door_listen(int fd, int backlog)
{
    ILV_DOOR_ERRNO(int, listen(fd, backlog), ilv__syscall(SYS_listen, fd, backlog, 0, 0, 0, 0));
}

int ilv_door_connect(int fd, const struct sockaddr *address, unsigned size)
{
    ILV_DOOR_ERRNO(int, connect(fd, address, size),
                   ilv__syscall(SYS_connect, fd, (long)address, (long)size, 0, 0, 0));
}

int ilv_door___connect(int fd, const struct sockaddr *address, unsigned size)
{
    ILV_DOOR_ERRNO(int, __connect(fd, address, size),
                   ilv__syscall(SYS_connect, fd, (long)address, (long)size, 0, 0, 0));
}

int ilv_door_accept(int fd, struct sockaddr *address, unsigned *size)
{
    ILV_DOOR_ERRNO(int, accept(fd, address, size),
                   ilv__syscall(SYS_accept4, fd, (long)address, (long)size, 0, 0, 0));
}

int ilv_door_accept4(int fd, struct sockaddr *address, unsigned *size, int flags)
{
    ILV_DOOR_ERRNO(int, accept4(fd, address, size, flags),
                   ilv__syscall(SYS_accept4, fd, (long)address, (long)size, flags, 0, 0));
}

int ilv_door_shutdown(int fd, int how)
{
    ILV_DOOR_ERRNO(int, shutdown(fd, how), ilv__syscall(SYS_shutdown, fd, how, 0, 0, 0, 0));
}

int ilv_door_setsockopt(int fd, int level, int name, const void *value, unsigned size)
{
    ILV_DOOR_ERRNO(int, setsockopt(fd, level, name, value, size),
                   ilv__syscall(SYS_setsockopt, fd, level, name, (long)value, (long)size, 0));
}

int ilv_door_getsockname(int fd, struct sockaddr *address, unsigned *size)
{
    ILV_DOOR_ERRNO(int, getsockname(fd, address, size),
                   ilv__syscall(SYS_getsockname, fd, (long)address, (long)size, 0, 0, 0));
}

int ilv_door_getpeername(int fd, struct sockaddr *address, unsigned *size)
{
    ILV_DOOR_ERRNO(int, getpeername(fd, address, size),
                   ilv__syscall(SYS_getpeername, fd, (long)address, (long)size, 0, 0, 0));
}

int ilv_door_poll(struct pollfd *list, nfds_t count, int timeout)
{
    ILV_DOOR_ERRNO(int, poll(list, count, timeout),
                   ilv__syscall(SYS_poll, (long)list, (long)count, timeout, 0, 0, 0));
}

int ilv_door___poll(struct pollfd *list, nfds_t count, int timeout)
{
    ILV_DOOR_ERRNO(int, __poll(list, count, timeout),
                   ilv__syscall(SYS_poll, (long)list, (long)count, timeout, 0, 0, 0));
}

int ilv_door_select(int count, fd_set *read_set, fd_set *write_set, fd_set *except_set,
                    struct timeval *timeout)
{
    ILV_DOOR_ERRNO(int, select(count, read_set, write_set, except_set, timeout),
                   ilv__syscall(SYS_select, count, (long)read_set, (long)write_set,
                                (long)except_set, (long)timeout, 0));
}

int ilv_door___select(int count, fd_set *read_set, fd_set *write_set, fd_set *except_set,
                      struct timeval *timeout)
{
    ILV_DOOR_ERRNO(int, __select(count, read_set, write_set, except_set, timeout),
                   ilv__syscall(SYS_select, count, (long)read_set, (long)write_set,
                                (long)except_set, (long)timeout, 0));
}

int ilv_door_epoll_create(int size)
{
    ILV_DOOR_ERRNO(int, epoll_create(size), ilv__syscall(SYS_epoll_create, size, 0, 0, 0, 0, 0));
}

int ilv_door_epoll_create1(int flags)
{
    ILV_DOOR_ERRNO(int, epoll_create1(flags),
                   ilv__syscall(SYS_epoll_create1, flags, 0, 0, 0, 0, 0));
}

int ilv_door_epoll_ctl(int set, int operation, int fd, struct epoll_event *event)
{
    ILV_DOOR_ERRNO(int, epoll_ctl(set, operation, fd, event),
                   ilv__syscall(SYS_epoll_ctl, set, operation, fd, (long)event, 0, 0));
}

int ilv_door_epoll_wait(int set, struct epoll_event *events, int count, int timeout)
{
    ILV_DOOR_ERRNO(int, epoll_wait(set, events, count, timeout),
                   ilv__syscall(SYS_epoll_wait, set, (long)events, count, timeout, 0, 0));
}

int ilv_door_epoll_pwait(int set, struct epoll_event *events, int count, int timeout,
                         const sigset_t *mask)
{
    ILV_DOOR_ERRNO(int, epoll_pwait(set, events, count, timeout, mask),
                   ilv__syscall(SYS_epoll_pwait, set, (long)events, count, timeout, (long)mask, 8));
}

/* libc keeps the time that the kernel writes back from its callers. */
static long poll_for(struct pollfd *list, nfds_t count, const struct timespec *timeout,
                     const sigset_t *mask)
{
    struct timespec copy;
    if (timeout != NULL)
        copy = *timeout;
    return ilv__syscall(SYS_ppoll, (long)list, (long)count, timeout != NULL ? (long)&copy : 0,
                        (long)mask, 8, 0);
}

int ilv_door_ppoll(struct pollfd *list, nfds_t count, const struct timespec *timeout,
                   const sigset_t *mask)
{
    ILV_DOOR_ERRNO(int, ppoll(list, count, timeout, mask), poll_for(list, count, timeout, mask));
}

static long select_for(int count, fd_set *const sets[3], const struct timespec *timeout,
                       const sigset_t *mask)
{
    struct timespec copy;
    const long masked[2] = {(long)mask, 8};
    if (timeout != NULL)
        copy = *timeout;
    return ilv__syscall(SYS_pselect6, count, (long)sets[0], (long)sets[1], (long)sets[2],
                        timeout != NULL ? (long)&copy : 0, (long)masked);
}

int ilv_door_pselect(int count, fd_set *read_set, fd_set *write_set, fd_set *except_set,
                     const struct timespec *timeout, const sigset_t *mask)
{
    fd_set *const sets[3] = {read_set, write_set, except_set};
    ILV_DOOR_ERRNO(int, pselect(count, read_set, write_set, except_set, timeout, mask),
                   select_for(count, sets, timeout, mask));
}
