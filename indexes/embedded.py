"""The embedding model that is always there: built once from an installed wheel, then only read.

No network, no torch: the graph runs in onnxruntime. Texts are prefixed as e5 was trained
("query: ", "passage: ") and cut at 512 tokens, about 670 Chinese characters.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexes.errors import EmbeddingError
from indexes.weights import Weights, package_version, weight_file

FORMAT = 2
"""Raised whenever the graph or the vocabulary is built differently, so that old caches are not used."""
GRAPH, TOKENIZER, MANIFEST = "model.onnx", "tokenizer.json", "manifest.json"
PROMPTS = {"query": "query: ", "document": "passage: "}
WORKERS = 2
Vectors = npt.NDArray[np.float32]


def embedded_name() -> str:
    """Return the name of the embedded model; another name means other vectors."""
    return f"e5-small-{package_version()}-{FORMAT}"


def ensure_embedded(cache: Path, notify: Callable[[str], None] | None = None) -> Path:
    """Return the folder of the built model under ``cache``, building it if it is not there whole.

    The model is written beside its place and renamed into it, so a process that is killed, or two
    that build at once, never leave half a model to be read.
    """
    folder = cache / embedded_name()
    if _is_whole(folder):
        return folder
    if notify:
        notify("首次使用，正在准备内置向量模型")
    try:
        cache.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".building-", dir=cache))
        try:
            _build(draft)
            if folder.exists() and not _is_whole(folder):
                shutil.rmtree(folder)
            try:
                draft.rename(folder)
            except OSError:
                if not _is_whole(folder):  # else another process was first, and its model is as good
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _drop_older(cache, folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise EmbeddingError(f"内置向量模型写不进 {cache}：{why}；请检查磁盘空间和写权限") from error
    return folder


def _build(folder: Path) -> None:
    import onnx  # only needed here, once

    from indexes.graph import build_graph
    from indexes.vocabulary import build_tokenizer, kept_pieces

    weights = Weights(weight_file())
    kept = kept_pieces(weights)
    onnx.save(build_graph(weights, kept), str(folder / GRAPH))
    build_tokenizer(weights, kept).save(str(folder / TOKENIZER), pretty=False)
    sizes = {name: (folder / name).stat().st_size for name in (GRAPH, TOKENIZER)}
    record = {"name": embedded_name(), "dimension": weights.hidden, "sizes": sizes}
    (folder / MANIFEST).write_text(json.dumps(record), encoding="utf-8")


def _is_whole(folder: Path) -> bool:
    try:
        sizes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["sizes"]
        return all((folder / name).stat().st_size == sizes[name] for name in (GRAPH, TOKENIZER))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _drop_older(cache: Path, current: Path) -> None:
    for other in cache.glob("e5-small-*"):
        if other != current:
            shutil.rmtree(other, ignore_errors=True)


class Encoder:
    """A graph and its tokenizer in one folder, ready to run; safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One thread a text and two texts at a time beat two threads on one text; spinning would
        # take the processor from everything else on a small machine.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(folder / GRAPH), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        except Exception as error:  # both libraries raise bare or private exceptions
            raise EmbeddingError(
                f"内置向量模型打不开：{folder}；删除这个文件夹后重试，它会重新生成"
            ) from error
        self.folder = folder
        self.dimension = int(self._session.get_outputs()[0].shape[-1])
        self._workers = ThreadPoolExecutor(WORKERS, "vectors")
        self._inputs = [given.name for given in self._session.get_inputs()]

    @property
    def tokenizer(self) -> Any:
        return self._tokenizer

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return ``(len(texts), dimension)`` with rows of length 1; texts carry their prefix already."""
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        if len(texts) == 1:
            return self._one(texts[0])[None]
        return np.stack(list(self._workers.map(self._one, texts)))

    def _one(self, text: str) -> Vectors:
        # A lone surrogate is no character and cannot be encoded; "?" stands for it.
        encoding = self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8"))
        ids = np.array([encoding.ids], np.int64)
        # A model that was saved by an earlier version also asks for a mask: no token is left out.
        feed = {name: ids if name == "input_ids" else np.ones_like(ids) for name in self._inputs}
        row: Vectors = self._session.run(["sentence_embedding"], feed)[0][0]
        return row


class EmbeddedModel:
    """The embedded default behind the ``Embedder`` protocol; loads in about 0.4 s."""

    def __init__(self, folder: Path) -> None:
        self.encoder = Encoder(folder)
        self.name = embedded_name()
        self.dimension = self.encoder.dimension

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector ``(dimension,)`` of a question."""
        row: Vectors = self.encoder.encode([PROMPTS["query"] + text])[0]
        return row

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the unit vectors ``(len(texts), dimension)`` of passages."""
        return self.encoder.encode([PROMPTS["document"] + text for text in texts])
