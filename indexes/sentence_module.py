"""The embedded model as an input module of sentence-transformers (importing this imports torch).

A saved model names this class in its ``modules.json``, so it loads again by its path alone wherever
the project is installed.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules.input_module import InputModule

from indexes.embedded import GRAPH, PROMPTS, TOKENIZER, EmbeddedModel, Encoder


class EncoderModule(InputModule):  # type: ignore[misc, unused-ignore]
    """Texts in, ``sentence_embedding`` out; the graph pools and scales to length 1 itself."""

    save_in_root = True

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.encoder = encoder
        # Without any tensor of its own a model cannot tell on which device it is.
        self.register_buffer("_anchor", torch.zeros(1), persistent=False)

    @property
    def tokenizer(self) -> Any:  # type: ignore[override]  # fixed together with the graph
        return self.encoder.tokenizer

    @property
    def max_seq_length(self) -> int:
        return int(self.encoder.tokenizer.truncation["max_length"])

    def get_embedding_dimension(self) -> int:
        return self.encoder.dimension

    def get_sentence_embedding_dimension(self) -> int:  # the older name, still asked for
        return self.encoder.dimension

    def preprocess(self, inputs: Any, prompt: str | None = None, **_: Any) -> dict[str, Any]:
        return {"texts": [(prompt or "") + text for text in inputs]}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        vectors = torch.from_numpy(self.encoder.encode(features["texts"]))
        features["sentence_embedding"] = vectors.to(self._anchor.device)
        return features

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        folder = Path(output_path)
        for name in (GRAPH, TOKENIZER):
            shutil.copyfile(self.encoder.folder / name, folder / name)
        (folder / "config.json").write_text(json.dumps({"model_type": "onnx"}), encoding="utf-8")

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", *_: Any, **__: Any) -> EncoderModule:
        return cls(Encoder(Path(model_name_or_path) / subfolder))


def wrap(model: EmbeddedModel) -> SentenceTransformer:
    """Return a model of sentence-transformers that runs the same graph with the same prompts."""
    module = EncoderModule(model.encoder)
    return SentenceTransformer(
        modules=[module], prompts=dict(PROMPTS), similarity_fn_name="cosine", device="cpu"
    )
