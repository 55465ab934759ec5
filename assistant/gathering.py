"""From what a person gives (files, folders, archives, pasted text, addresses) to single things to be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.faces.service import Given, Pasted, Web
from corpus.errors import ReadError
from corpus.readers import file_bytes, largest, supported
from corpus.readers._archive import SUFFIX, members

ARCHIVES = (SUFFIX,)
LARGEST_ARCHIVE = 512 * 1024 * 1024
PASTED = "粘贴的文字"
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_JUNK_STARTS = (".", "~$", "~wrl", ".~lock.")
_JUNK_ENDS = (".tmp", ".part", ".crdownload")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to read. ``name`` is its file name, ``shown`` how a person is told of it, ``key`` what the store
    knows it by; ``load`` gives its bytes and raises ReadError; ``text`` where it is a pasted text. ``passing``: it
    was sent and is known by its name, not by where it lies.
    """

    name: str
    shown: str
    key: str
    load: Callable[[], bytes]
    text: Pasted | None = None
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that is not read: ``failed`` where a person asked for it, else it was only in a folder."""

    name: str
    why: str
    failed: bool


def gather(given: Iterable[Given], *, uploaded: bool = False) -> Iterator[Item | Refused]:
    """Yield what is to be read, in order; folders and archives are replaced by what is in them.

    An archive is opened when its turn comes, and each of its members when it is loaded.
    """
    for one in given:
        if isinstance(one, Web):
            yield Refused(
                one.url,
                f"{one.url}：本程序不联网，不能打开网址。请在浏览器里打开后另存为网页或PDF，再导入。",
                True,
            )
        elif isinstance(one, Pasted):
            yield _pasted(one)
        elif one.is_dir():
            yield from _folder(one)
        elif one.suffix.lower() in ARCHIVES:
            yield from _archive(one, uploaded)
        else:
            yield _file(one, uploaded)


def count(given: Iterable[Given]) -> int:
    """Return how many things there are to read, an archive counted as one."""
    return sum(len(files_in([one])) if isinstance(one, Path) else 1 for one in given)


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files that ``paths`` name, folders replaced by the readable files below them."""
    found: list[Path] = []
    for path in paths:
        found += [p for p in _below(path) if is_readable(p)] if path.is_dir() else [path]
    return found


def readable() -> tuple[str, ...]:
    """Return the suffixes of what can be taken in: reports, school tables, and archives of them."""
    return tuple(sorted((*supported(), *ARCHIVES)))


def is_readable(path: Path) -> bool:
    return path.suffix.lower() in readable()


def is_junk(name: str) -> bool:
    """Tell whether a name (with its folders) is one that systems and programs leave behind by themselves."""
    parts = [part.lower() for part in PurePosixPath(name.replace("\\", "/")).parts]
    return any(part in _JUNK_NAMES or part.startswith(_JUNK_STARTS) for part in parts) or (
        bool(parts) and parts[-1].endswith(_JUNK_ENDS)
    )


def _below(folder: Path) -> list[Path]:
    try:
        inside = sorted(p for p in folder.rglob("*") if p.is_file())
    except OSError:  # a folder that may not be entered: what could be listed is not known to be all
        return []
    return [path for path in inside if not is_junk(str(path.relative_to(folder)))]


def _folder(folder: Path) -> Iterator[Item | Refused]:
    inside = _below(folder)
    if not any(map(is_readable, inside)):
        yield Refused(
            folder.name,
            f"文件夹 {folder} 里没有可读的报告或学校数据表（{'、'.join(readable())}）。",
            True,
        )
    for path in inside:
        if not is_readable(path):
            yield Refused(path.name, f"{path}：不支持的文件类型 {path.suffix or '（没有扩展名）'}", False)
        elif path.suffix.lower() in ARCHIVES:
            yield from _archive(path, False)
        else:
            yield _file(path, False)


def _file(path: Path, uploaded: bool) -> Item:
    given = one_line(str(path))  # as the reader writes it

    def load() -> bytes:
        try:
            return file_bytes(path, largest(path.name))
        except ReadError as error:
            if not uploaded:
                raise
            raise ReadError(str(error).replace(given, path.name)) from None

    key = f"upload:{path.name}" if uploaded else _resolved(path)
    return Item(path.name, path.name if uploaded else given, key, load, passing=uploaded)


def _pasted(one: Pasted) -> Item:
    data = one.text.encode("utf-8", "surrogatepass")
    name = one_line(one.title or "")[:100] or PASTED
    known_by = name if one.title else hashlib.sha256(data).hexdigest()
    return Item(name, name, f"pasted:{known_by}", lambda: data, one, passing=True)


def _archive(path: Path, uploaded: bool) -> Iterator[Item | Refused]:
    """Yield the members of an archive; for a person they stand behind its name."""
    shown = path.name if uploaded else one_line(str(path))
    try:
        any_readable = False
        for member in members(file_bytes(path, LARGEST_ARCHIVE), shown):
            name = PurePosixPath(member.name).name
            label = f"{shown} › {member.name}"
            suffix = PurePosixPath(name).suffix
            if is_junk(member.name):
                continue
            if not member.problem and suffix.lower() not in supported():
                yield Refused(name, f"{label}：不支持的文件类型 {suffix or '（没有扩展名）'}", False)
                continue
            any_readable = True
            if member.problem:
                yield Refused(name, f"{label}：{member.problem}", True)
                continue
            key = f"upload:{name}" if uploaded else f"{_resolved(path)}!{member.name}"
            yield Item(name, label, key, _constant(member.data), passing=uploaded)
        if not any_readable:
            yield Refused(path.name, f"{shown}：压缩包里没有可读的报告或学校数据表。", True)
    except ReadError as error:
        yield Refused(path.name, str(error).replace(one_line(str(path)), shown), True)


def _constant(data: bytes) -> Callable[[], bytes]:
    return lambda: data


def one_line(text: str) -> str:
    return " ".join(text.split())


def _resolved(path: Path) -> str:
    try:
        return str(path.resolve())
    except RuntimeError:  # links that lead in a circle: the reader will say that there is no file
        return str(path.absolute())
