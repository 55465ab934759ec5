"""Many school tables at once, spread over processes; one bad file never stops the rest.

Results come in the order of the files. Only a few files are in flight at a time, and a process sends back a line of
text, so the memory needed does not grow with the number of files.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from corpus.errors import JunhengError
from corpus.schools.model import Problem
from tools.compliance.model import Check

_AHEAD = 4
"""Files in flight for each process: enough that none waits, few enough to be held."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: ``line`` is the check rendered, or None where ``error`` says why there is none."""

    file: Path
    line: str | None
    error: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """How each file is to be checked; ``render`` makes a line of the file and its check, in the working process."""

    render: Callable[[Path, Check], str]
    standard_id: str
    region: str | None = None
    year: int | None = None


def tables_below(folder: Path) -> list[Path]:
    """Return every school table below a folder, sorted; temporary files of spreadsheet programs are none."""
    from corpus.schools.read import SUFFIXES

    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(("~$", "._")) and path.is_file()
    )


def check_file(path: Path, order: Order) -> Outcome:
    """Check one file; whatever is wrong with it is in the outcome, never an exception."""
    from corpus.schools.read import TableError, read_table
    from tools.compliance.check import check_table

    try:
        table = read_table(path, region=order.region, year=order.year)
        year = None if order.year is None else str(order.year)
        check = check_table(table, standard_id=order.standard_id, region=order.region, year=year)
        return Outcome(path, order.render(path, check), None, check.problems)
    except TableError as error:
        return Outcome(path, None, str(error), error.problems)
    except JunhengError as error:
        return Outcome(path, None, str(error), ())
    except Exception as error:  # one file out of thousands must not end the others
        what = " ".join(f"{type(error).__name__}：{error}".split())[:200]
        return Outcome(path, None, f"{path}：程序内部出错（{what}），这份表没有检查。", ())


def check_files(paths: Sequence[Path], order: Order, *, jobs: int | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each file, in order, checked by ``jobs`` processes (default: one a core)."""
    workers = min(jobs or len(os.sched_getaffinity(0)), len(paths))
    if workers <= 1:
        yield from map(partial(check_file, order=order), paths)
        return
    waiting = deque(paths)
    while waiting:
        yield from _until_broken(waiting, order, workers)


def _until_broken(waiting: deque[Path], order: Order, workers: int) -> Iterator[Outcome]:
    """Yield outcomes and take their files off ``waiting``; return early if a process died.

    Which file killed it is not known, so each of those in flight then has a process to itself.
    """
    flying: deque[tuple[Path, Future[Outcome]]] = deque()
    with _pool(workers) as pool:
        try:
            upcoming = iter(tuple(waiting))
            for path in upcoming:
                flying.append((path, pool.submit(check_file, path, order)))
                if len(flying) >= workers * _AHEAD:
                    yield _landed(flying, waiting)
            while flying:
                yield _landed(flying, waiting)
            return
        except BrokenProcessPool:
            pass
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    for path in [waiting.popleft() for _ in range(min(len(waiting), workers * _AHEAD))]:
        yield _alone(path, order)


def _landed(flying: deque[tuple[Path, Future[Outcome]]], waiting: deque[Path]) -> Outcome:
    outcome = flying[0][1].result()
    flying.popleft()
    waiting.popleft()
    return outcome


def _alone(path: Path, order: Order) -> Outcome:
    with _pool(1) as pool:
        try:
            return pool.submit(check_file, path, order).result()
        except BrokenProcessPool:
            return Outcome(
                path, None, f"{path}：检查这份表的进程意外终止（可能内存不足），请单独检查它。", ()
            )


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
