"""Reads files of strangers in processes of their own, so that a reader that hangs, crashes or eats memory costs
its file and nothing else.

A worker is one process with one file at a time: no thread of this process ever waits for a native library, and
which file was to blame is never a guess. Where no process can be started, the work is done here and ``trouble``
says so.
"""

from __future__ import annotations

import logging
import multiprocessing
import multiprocessing.context
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, TypeVar, cast

from corpus.errors import JunhengError, ReadError

T = TypeVar("T")

MEMORY = 4 << 30
"""Bytes of address space of a worker, where the platform can limit it. Recognising a page takes a third of it."""
TASKS = 100
"""Files that a process reads before it is replaced: what a library leaks goes with it."""
IDLE = 120.0
"""Seconds after which a process that has nothing to do is let go."""
START = 60.0
"""Seconds that a process may take to start; on an idle machine it takes one."""
_SEVERAL = threading.Lock()
_log = logging.getLogger(__name__)

trouble: str | None = None
"""Why files are read inside this process, one Chinese line; None where all is well."""


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class _Failure:
    """What went wrong inside a worker, in types that every process can load."""

    kind: str
    error: JunhengError | None = None


class _CannotStart(Exception):
    """No worker process can be had on this machine."""


class Worker:
    """One process, started when first needed, and again after a file has cost it its life."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory = memory
        self._pool: Any = None
        self._future: Any = None
        self._used = 0.0
        self._lock = threading.Lock()

    def run(self, source: str, seconds: float, function: Callable[..., T], *arguments: Any) -> T:
        """Return ``function(*arguments)``, computed in the process; one call at a time.

        Raises:
            ReadError: what the function raised, or one line about ``source`` where it took longer than
                ``seconds``, ended the process or wanted more memory than there is for it.
        """
        with self._lock:
            try:
                self._start()
            except Exception as error:  # whatever the system refuses: a fork, a semaphore, a pipe
                _log.warning("no worker process", exc_info=error)
                self._stop()
                raise _CannotStart from error
            try:
                self._future = self._pool.schedule(_guarded, (seconds, function, arguments), timeout=seconds)
                done = self._future.result()
            except Late:
                self._stop()
                raise ReadError(
                    f"{source}：读了{seconds:.0f}秒还没有读完，已经停下。请检查文件，或拆分后再试。"
                ) from None
            except (BrokenProcessPool, OSError) as error:  # OSError: ProcessExpired is one
                self._stop()
                raise ReadError(
                    f"{source}：读取程序读到这个文件时意外退出{_how(error)}。文件可能已损坏，请另存一份再试。"
                ) from None
            except BaseException:  # an interrupt: nobody waits for the result any more
                self._stop()
                raise
            self._used = time.monotonic()
            _let_go_later(self)
        if isinstance(done, _Failure):
            if done.error is not None:
                raise done.error
            if done.kind == "MemoryError":
                raise ReadError(f"{source}：读这个文件需要的内存太多。请拆分后再试。")
            raise ReadError(f"{source}：读取时程序出错（{done.kind}），没有读成；请把这份文件交给维护人员")
        return cast(T, done)

    def stop(self) -> None:
        """End the process, also while it is reading; whoever waits for it gets an error."""
        future = self._future
        if future is not None:
            future.cancel()

    def close(self) -> None:
        """End the process when it has nothing to do."""
        with self._lock:
            self._stop()

    def close_if_idle(self) -> None:
        if self._lock.acquire(blocking=False):
            try:
                if time.monotonic() - self._used >= IDLE:
                    self._stop()
            finally:
                self._lock.release()

    def _start(self) -> None:
        if self._pool is not None and self._pool.active:
            return
        from pebble import ProcessPool

        self._stop()
        self._pool = ProcessPool(1, TASKS, _prepare, (self._memory,), _context())
        if self._pool.schedule(_answer, timeout=START).result(START + 5) != "ready":
            raise RuntimeError("the worker does not answer")

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            with suppress(Exception):
                pool.stop()
                pool.join()


def _how(error: BaseException) -> str:
    code = getattr(error, "exitcode", None)
    return f"（代码 {code}）" if code else ""


def _let_go_later(worker: Worker) -> None:
    timer = threading.Timer(IDLE + 1, worker.close_if_idle)
    timer.daemon = True
    timer.start()


class Crew:
    """Several workers, each with a thread that waits for it. Safe to use from several threads."""

    def __init__(self, size: int | None = None, memory: int = MEMORY) -> None:
        self.size = size or cores()
        self._free: queue.LifoQueue[Worker] = queue.LifoQueue()
        self._workers = [Worker(memory) for _ in range(self.size)]
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(self.size, "reading")

    def submit(self, source: str, seconds: float, function: Callable[..., T], *arguments: Any) -> Future[T]:
        """Do ``Worker.run`` in the next worker that is free."""
        return self._threads.submit(self._run, source, seconds, function, *arguments)

    def run(self, source: str, seconds: float, function: Callable[..., T], *arguments: Any) -> T:
        """Do ``Worker.run`` in the next worker that is free, and wait for it; an interrupt ends all workers."""
        try:
            return self.submit(source, seconds, function, *arguments).result()
        except (KeyboardInterrupt, SystemExit):
            self.stop()
            raise

    def _run(self, source: str, seconds: float, function: Callable[..., T], *arguments: Any) -> T:
        global trouble
        if trouble is not None:
            return function(*arguments)
        worker = self._free.get()
        try:
            return worker.run(source, seconds, function, *arguments)
        except _CannotStart:
            trouble = "本机不能启动单独的读取进程，文件改在程序内读取：损坏的文件可能使程序变慢或退出"
            return function(*arguments)
        finally:
            self._free.put(worker)

    def stop(self) -> None:
        """End all processes, also of files that are being read; the next file starts new ones."""
        for worker in self._workers:
            worker.stop()

    def close(self) -> None:
        """End all processes and threads for good."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.stop()
        self._threads.shutdown()
        for worker in self._workers:
            worker.close()


@cache
def crew() -> Crew:
    """Return the workers of this process, one a processor; each starts when it is first needed."""
    return Crew()


# Inside a worker


def _answer() -> str:
    return "ready"


def _guarded(seconds: float, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Call a function; only plain results and errors of this project cross to the other process."""
    _limit_processor(seconds)
    try:
        return function(*arguments)
    except JunhengError as error:
        return _Failure(type(error).__name__, error)
    except Exception as error:
        return _Failure(type(error).__name__)


def _prepare(memory: int) -> None:
    """Make a new process quiet, small and mortal."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    logging.disable(logging.CRITICAL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    with suppress(ImportError, OSError, ValueError):  # not every system has limits
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(
            resource.RLIMIT_AS, (memory if most == resource.RLIM_INFINITY else min(memory, most), most)
        )
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()


def _limit_processor(seconds: float) -> None:
    """Let the system end this process if nobody else does: whoever would have may have been killed."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = time.process_time()
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + 2 * seconds + 60), most))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


# How processes start


_METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
_Process: Any = getattr(
    multiprocessing.context, "ForkServerProcess" if _METHOD == "forkserver" else "SpawnProcess"
)


class _Bare(_Process):  # type: ignore[misc]
    """A process that loads this project's readers and nothing of the program that started it."""

    @staticmethod
    def _Popen(made: Any) -> Any:
        with _without_main():
            return _Process._Popen(made)


@cache
def _context() -> Any:
    """Return how processes start: from one that has loaded the readers already, where the system can do that."""
    plain: Any = multiprocessing.get_context(_METHOD)
    if _METHOD == "forkserver":
        plain.set_forkserver_preload(["corpus.warmed"])

    class Context(type(plain)):  # type: ignore[misc]
        Process = _Bare

    return Context()


@contextmanager
def _without_main() -> Iterator[None]:
    """Hide the program that runs: a new process would import it again, which costs a second, and would run a
    script that has no guard a second time."""
    with _SEVERAL:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
