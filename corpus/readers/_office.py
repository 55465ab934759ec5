"""Office Open XML packages (.docx and its kin), opened within bounds: parts are read one by one, as XML without entities.

Nothing of a package is written to disk, run or fetched, and a part that unpacks to more than ``LARGEST_PART`` is
refused before it does.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from corpus.errors import ReadError

LARGEST_PART = 32 * 1024 * 1024
"""Bytes of XML. A report of 200 kB text has about 4 MB of it."""
MOST_PARTS = 10_000

BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError, OSError, LookupError,
    RuntimeError, ArithmeticError, MemoryError,
)  # fmt: skip
"""What ``zipfile`` raises on bytes that are no sound archive, beside BadZipFile itself."""


class Package:
    """The parts of a package by name, without a leading slash."""

    def __init__(self, data: bytes, source: str) -> None:
        self.source = source
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            infos = self._zip.infolist()
        except BROKEN:
            raise ReadError(
                f"{source}：文件损坏或不完整，打不开。请重新下载，或在 WPS、Word 里另存一份后再试。"
            ) from None
        if len(infos) > MOST_PARTS:
            raise ReadError(f"{source}：文件里有 {len(infos)} 个部件，不像文档。请换一个文件。")
        self.names = {info.filename.lstrip("/"): info for info in infos}

    def part(self, name: str) -> bytes | None:
        """Return the bytes of a part, None where there is none."""
        info = self.names.get(name)
        if info is None:
            return None
        if info.flag_bits & 1:
            raise ReadError(f"{self.source}：文件加了密码，读不了。请去掉密码后再试。")
        try:
            with self._zip.open(info) as file:
                data = file.read(LARGEST_PART + 1)
        except BROKEN:
            raise ReadError(
                f"{self.source}：文件损坏（部件 {name[:60]} 读不出来）。请在 WPS、Word 里另存一份后再试。"
            ) from None
        if len(data) > LARGEST_PART:
            raise ReadError(
                f"{self.source}：文件解开后超过上限 {LARGEST_PART / 1e6:.0f} MB（部件 {name[:60]}）。请拆分后再试。"
            )
        return data

    def tree(self, name: str) -> Any:
        """Return the root element of an XML part, None where there is none."""
        data = self.part(name)
        if data is None:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError):
            raise ReadError(
                f"{self.source}：文件损坏（部件 {name[:60]} 不是合格的 XML）。请在 WPS、Word 里另存一份后再试。"
            ) from None
        if root.getroottree().docinfo.doctype:
            raise ReadError(f"{self.source}：文件里有文档类型声明，正常的文档没有，不读。请换一个文件。")
        return root

    def related(self, name: str = "") -> dict[str, tuple[str, str]]:
        """Return the parts that ``name`` (the package itself without it) refers to: id -> (kind, name of the part).

        The kind is the last word of the relationship's type, such as "footnotes". What lies outside of the package
        is left out.
        """
        folder, file = posixpath.split(name)
        root = self.tree(posixpath.join(folder, "_rels", f"{file}.rels"))
        found: dict[str, tuple[str, str]] = {}
        for link in root if root is not None else ():
            if link.get("TargetMode") != "External" and link.get("Target"):
                target = posixpath.normpath(posixpath.join("/", folder, link.get("Target")))
                found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], target.lstrip("/"))
        return found

    def kin(self, name: str, kind: str) -> str | None:
        """Return the name of the first part of a kind that ``name`` refers to."""
        return next((target for k, target in self.related(name).values() if k == kind), None)
