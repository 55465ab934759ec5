"""The recognition models: where text is on a picture, and what a line of it says.

PP-OCRv6 comes inside the wheel of rapidocr. The models are given by path, so nothing is ever looked for elsewhere.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import ReadError

Grey = npt.NDArray[np.uint8]
"""A picture of shape (height, width), 0 black to 255 white."""
Corners = npt.NDArray[np.float32]
"""Shape (4, 2): the corners of a line as (x, y) in pixels, from the upper left clockwise."""

_LINE_HEIGHT = 48
"""Pixels to which the model wants a line scaled."""
_BATCH = 4
_WIDEST_LINE = 100
"""Times its height. No line of a page is longer; what is longer would only cost memory."""
_DETECTION_SIDE = 1536
"""Pixels of the longer side when looking for text: finer than the smallest print on a page needs."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A recognised character; ``centre`` is a fraction of the line's width, ``score`` the model's, 0 to 1.

    ``rival`` is the most probable other digit, point or sign at the same place, with its probability.
    """

    text: str
    centre: float
    score: float
    rival: str = ""
    rival_score: float = 0.0


@cache
def engine() -> Engine:
    """Return the models, loaded once a process (about a second, 200 MB)."""
    return Engine()


class Engine:
    def __init__(self) -> None:
        import logging

        import rapidocr

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        folder = Path(rapidocr.__file__).parent / "models"
        threads = max(1, min(2, int(os.environ.get("OMP_NUM_THREADS") or 1)))
        parameters = {
            "Global.log_level": "error",
            "Global.max_side_len": 100_000,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTION_SIDE,
            "Det.model_path": str(_only(folder, "*_det_*.onnx")),
            "Cls.model_path": str(_only(folder, "*_cls_*.onnx")),
            "Rec.model_path": str(_only(folder, "*_rec_*.onnx")),
        }
        models: Any = rapidocr.RapidOCR(params=parameters)
        self._detector = models._load_det_model()
        self._turner = models._load_cls_model()
        self._reader = models._load_rec_model()
        self._characters: list[str] = self._reader.postprocess_op.character

    def detect(self, picture: Grey) -> list[Corners]:
        """Return where lines of text are, roughly from top to bottom."""
        found = self._detector(_three(picture))
        return [] if found.boxes is None else [np.asarray(box, dtype=np.float32) for box in found.boxes]

    def read(self, lines: list[Grey]) -> list[tuple[Glyph, ...]]:
        """Recognise pictures of one line each."""
        order = sorted(range(len(lines)), key=lambda i: lines[i].shape[1] / lines[i].shape[0])
        found: list[tuple[Glyph, ...]] = [()] * len(lines)
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            ratios = [min(lines[i].shape[1] / lines[i].shape[0], _WIDEST_LINE) for i in some]
            widest = max(2.0, *ratios)
            batch = np.stack([self._reader.resize_norm_img(_three(lines[i]), widest) for i in some])
            scores = self._reader.session(batch.astype(np.float32))
            for index, ratio, score in zip(some, ratios, scores, strict=True):
                found[index] = self._decode(score, ratio / widest)
        return found

    def upside_down(self, lines: list[Grey]) -> bool:
        """Tell whether most of ``lines`` stand on their heads."""
        answers = self._turner([_three(line) for line in lines]).cls_res or []
        turned = sum(score if label == "180" else -score for label, score in answers)
        return bool(turned > 0)

    def _decode(self, scores: npt.NDArray[np.float32], used: float) -> tuple[Glyph, ...]:
        """Greedy decoding of (steps, characters): a run of one character is one, index 0 is none."""
        best = scores.argmax(axis=1)
        steps = len(best) * used
        glyphs = []
        start = 0
        while start < len(best):
            end = start + 1
            while end < len(best) and best[end] == best[start]:
                end += 1
            if best[start]:
                block = scores[start:end, best[start]]
                centre = float((np.arange(start, end) * block).sum() / block.sum() + 0.5) / steps
                glyphs.append(Glyph(self._characters[best[start]], min(centre, 1.0), float(block.max())))
            start = end
        return tuple(glyphs)


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if not found:
        raise ReadError(f"文字识别模型缺失（rapidocr 包里没有 {pattern}），图片读不了。请重新安装依赖。")
    return found[0]


def _three(picture: Grey) -> npt.NDArray[np.uint8]:
    return np.repeat(picture[:, :, None], 3, axis=2)
