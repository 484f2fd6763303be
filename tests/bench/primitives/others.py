#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""others.py queue CORES | pool apply_async|map | lock threading|multiprocessing: nanoseconds of
Python's own.

queue: a message of 64 bytes from one process to another; pool: a task of Pool(2); lock: acquire and
release, uncontended, with the loop around them. One number.
"""
import multiprocessing
import os
import sys
import threading
import time

MESSAGES = 30000
TASKS = 20000
LOCKS = 300000


def add_one(number):
    return number + 1


def consume(queue, core):
    os.sched_setaffinity(0, {core})
    for _ in range(MESSAGES):
        queue.get()


def bench_queue(cores):
    queue = multiprocessing.Queue(100)
    message = b"x" * 64
    start = time.monotonic_ns()
    process = multiprocessing.Process(target=consume, args=(queue, cores - 1))
    process.start()
    os.sched_setaffinity(0, {0})
    for _ in range(MESSAGES):
        queue.put(message)
    process.join()
    return (time.monotonic_ns() - start) / MESSAGES


def bench_pool(way):
    with multiprocessing.Pool(2) as pool:
        start = time.monotonic_ns()
        if way == "map":
            pool.map(add_one, range(TASKS), chunksize=1)
        else:
            for result in [pool.apply_async(add_one, (i,)) for i in range(TASKS)]:
                result.get()
        return (time.monotonic_ns() - start) / TASKS


def bench_lock(kind):
    lock = multiprocessing.Lock() if kind == "multiprocessing" else threading.Lock()
    start = time.process_time_ns()
    for _ in range(LOCKS):
        lock.acquire()
        lock.release()
    return (time.process_time_ns() - start) / LOCKS


multiprocessing.set_start_method("fork")
BENCHES = {"queue": lambda word: bench_queue(int(word)), "pool": bench_pool, "lock": bench_lock}
print(round(BENCHES[sys.argv[1]](sys.argv[2]), 1))
