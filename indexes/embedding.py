"""The one door to an embedding model: the embedded default, or any that sentence-transformers loads."""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

import numpy as np

from indexes.embedded import EmbeddedModel, Vectors, embedded_name, ensure_embedded
from indexes.errors import EmbeddingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class Embedder(Protocol):
    """Texts to unit vectors. Two embedders of one ``name`` give the same vectors."""

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed_query(self, text: str) -> Vectors:
        """Return the vector ``(dimension,)`` of a question, of length 1."""
        ...

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors ``(len(texts), dimension)`` of texts to be found, each of length 1."""
        ...


def embedder_name(setting: str | None) -> str:
    """Return the name that ``load_embedder(setting, …)`` will have, without loading anything.

    The name of a folder holds a mark of its files, so a model changed in place is another model.
    """
    if not setting:
        return embedded_name()
    folder = Path(setting).expanduser()
    if folder.is_dir():
        mark = hashlib.sha256()
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                state = path.stat()
                mark.update(f"{path.relative_to(folder)}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
        return f"{folder.resolve()}#{mark.hexdigest()[:12]}"
    if folder.is_absolute() or setting.startswith((".", "~")):
        raise EmbeddingError(
            f"没有这个向量模型文件夹：{setting}；请改正 JUNHENG_EMBEDDING_MODEL，或不设它而用内置模型"
        )
    return setting


def load_embedder(
    setting: str | None, cache: Path, *, notify: Callable[[str], None] | None = None
) -> Embedder:
    """Return the model that ``setting`` asks for: None for the embedded one, else a path or a name.

    ``cache`` is where the embedded model is built once; ``notify`` hears when that takes a moment.
    """
    name = embedder_name(setting)
    if not setting:
        return EmbeddedModel(ensure_embedded(cache, notify))
    folder = Path(setting).expanduser()
    target = str(folder) if folder.is_dir() else setting
    try:
        from sentence_transformers import SentenceTransformer

        options: dict[str, Any] = {"device": "cpu", "trust_remote_code": _is_own(folder)}
        try:
            model = SentenceTransformer(target, local_files_only=True, **options)
        except OSError:
            if folder.is_dir():
                raise
            if not _hub_answers():
                raise EmbeddingError(
                    f"本机没有向量模型“{setting}”，也连不上网络下载，所以加载不了；"
                    "请在 JUNHENG_EMBEDDING_MODEL 里给出本地文件夹，或不设它而用内置模型"
                ) from None
            model = SentenceTransformer(target, **options)
        return TransformerModel(name, model)
    except EmbeddingError:
        raise
    except Exception as error:  # whatever a foreign model or the hub raises, the person needs one line
        raise EmbeddingError(
            f"向量模型“{setting}”加载不了（{_short(error)}）；"
            "请换一个 sentence-transformers 模型，或不设 JUNHENG_EMBEDDING_MODEL 而用内置模型"
        ) from error


def _hub_answers() -> bool:
    """Tell whether a download can be tried; the hub's own client would retry for a minute."""
    from huggingface_hub.constants import ENDPOINT, HF_HUB_OFFLINE

    if HF_HUB_OFFLINE:
        return False
    if urllib.request.getproxies():
        return True  # whether a proxy lets it through, only the request itself can tell
    parts = urlsplit(ENDPOINT)
    address = (parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443))
    try:
        with socket.create_connection(address, timeout=3):
            return True
    except OSError:
        return False


def _is_own(folder: Path) -> bool:
    """Tell whether a folder is a saved embedded model and nothing else.

    sentence-transformers imports a class outside its own package only when told to trust it; of
    every other model no code is run.
    """
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        return bool(modules) and all(module["type"] == _OWN_MODULE for module in modules)
    except (OSError, ValueError, KeyError, TypeError):
        return False


_OWN_MODULE = "indexes.sentence_module.EncoderModule"


def as_sentence_transformer(model: EmbeddedModel) -> SentenceTransformer:
    """Return the embedded model as a ``SentenceTransformer`` that can be saved and loaded by path."""
    from indexes.sentence_module import wrap

    return wrap(model)


class TransformerModel:
    """A model of sentence-transformers behind the ``Embedder`` protocol, with its own prompts."""

    def __init__(self, name: str, model: Any) -> None:
        self.name = name
        self.model = model
        self.dimension = int(self.embed_documents(["试"]).shape[1])

    def embed_query(self, text: str) -> Vectors:
        return np.asarray(self.model.encode_query(_clean(text), **_QUIET), dtype=np.float32)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(self.model.encode_document([*map(_clean, texts)], **_QUIET), dtype=np.float32)


_QUIET = {"show_progress_bar": False, "normalize_embeddings": True, "convert_to_numpy": True}


class LazyEmbedder:
    """An embedder that is loaded when first asked for a vector; its name is known before."""

    def __init__(self, name: str, load: Callable[[], Embedder]) -> None:
        self.name = name
        self._load = load
        self._loaded: Embedder | None = None
        self._lock = threading.Lock()

    def get(self) -> Embedder:
        """Return the loaded embedder."""
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    @property
    def dimension(self) -> int:
        return self.get().dimension

    def embed_query(self, text: str) -> Vectors:
        return self.get().embed_query(text)

    def embed_documents(self, texts: Sequence[str]) -> Vectors:
        return self.get().embed_documents(texts)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # tokenizers refuse lone surrogates


def _short(error: Exception) -> str:
    words = " ".join(str(error).split()) or type(error).__name__
    return words if len(words) <= 120 else words[:117] + "…"
