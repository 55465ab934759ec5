"""Reports taken in a minute: junheng in one process and on all cores, and plain LangChain, on the same files.

    python -m benchmarks.ingest [--count N] [--runs N] [--folder FILES] [--formats txt,html,docx,pdf]

The files are invented reports, a third each as text, page and Word file (pdf needs Chromium), or those of FILES.
Junheng reads them whole: text with places, passages, facts with spans; into SQLite, a lexical index and Chroma.
LangChain loads them with its usual loaders, splits with RecursiveCharacterTextSplitter into pieces of at most 300
characters (as long as a passage here), and fills a Chroma with one call. It runs twice: with the very model that
junheng uses (8-bit, two threads), and with the same weights as a SentenceTransformer in torch, which is how LangChain
users run them. Models are loaded before the clock starts, worker processes after it. Every run begins with nothing;
the systems take turns, and medians are told. Needs the extra "bench"; without it only junheng is measured.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a file: the folder above holds the packages
    sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from assistant import batch
from assistant.service import JunhengService
from assistant.settings import Settings
from corpus import isolation
from indexes.embedding import Embedder, load_embedder
from indexes.store import Store
from scripts.generate_reports import reports
from scripts.render_formats import render

PIECE, OVERLAP = 300, 50
Run = Callable[[Path], str]
"""Take all files in, into an empty folder; return what came of them in a few words."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--count", type=int, default=90)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="take these files instead of invented ones")
    parser.add_argument("--formats", default="txt,html,docx")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ingest-") as scratch:
        folder = options.folder or write_files(
            Path(scratch) / "files", options.count, options.seed, options.formats.split(",")
        )
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        print(
            f"{len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB, {isolation.cores()} cores"
        )
        model = load_embedder(None, Path(scratch) / "model")
        model.embed_documents(["热身"])
        systems: dict[str, Run] = {
            "junheng, one process": lambda home: junheng(folder, home, model, apart=False),
            "junheng, parallel": lambda home: junheng(folder, home, model, apart=True),
        }
        systems |= langchain_systems(files, model, Path(scratch))
        measure(systems, len(files), options.runs, Path(scratch))


def write_files(folder: Path, count: int, seed: int, formats: Sequence[str]) -> Path:
    """Write invented reports, one format after the other."""
    folder.mkdir()
    for (name, text, _), kind in zip(reports(count, seed), cycle(formats)):
        stem = Path(name).stem
        made = {f"{stem}.txt": text.encode()} if kind == "txt" else render(text, stem, kind, seed)
        for file, data in made.items():
            (folder / file).write_bytes(data)
    return folder


def junheng(folder: Path, home: Path, model: Embedder, *, apart: bool) -> str:
    many, trouble = batch.MANY, isolation.trouble
    if not apart:
        batch.MANY, isolation.trouble = sys.maxsize, "one process is to be measured"
    try:
        store = Store.open(home, embedder=model)
        service = JunhengService(store, Settings(home=home))
        outcomes = service.ingest([folder])
        told = f"{len(store.passages())} passages, {len(store.facts())} facts"
        failed = sum(one.status == "failed" for one in outcomes)
        service.close()
        return told + (f", {failed} failed" if failed else "")
    finally:
        batch.MANY, isolation.trouble = many, trouble
        isolation.crew().close()
        isolation.crew.cache_clear()


def langchain_systems(files: Sequence[Path], model: Embedder, scratch: Path) -> dict[str, Run]:
    """Return the two baselines; none where LangChain's loaders are not installed."""
    try:
        import langchain_community.document_loaders as loaders
        from langchain_chroma import Chroma
        from langchain_core.embeddings import Embeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    except ImportError as error:
        print(f"without LangChain: {error}")
        return {}
    kinds: dict[str, Callable[[str], Any]] = {
        ".txt": lambda path: loaders.TextLoader(path, encoding="utf-8"),
        ".html": lambda path: loaders.BSHTMLLoader(path, open_encoding="gb18030"),
        ".docx": loaders.Docx2txtLoader,
        ".pdf": loaders.PyPDFLoader,
    }

    def take_in(home: Path, embeddings: Any) -> str:
        loaded = [page for path in files for page in kinds[path.suffix](str(path)).load()]
        splitter = RecursiveCharacterTextSplitter(chunk_size=PIECE, chunk_overlap=OVERLAP)
        pieces = splitter.split_documents(loaded)
        Chroma.from_documents(pieces, embeddings, persist_directory=str(home))
        return f"{len(pieces)} pieces"

    class Own(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [vector.tolist() for vector in model.embed_documents(texts)]

        def embed_query(self, text: str) -> list[float]:
            return [float(number) for number in model.embed_query(text)]

    class Torch(Own):
        """Does what langchain_huggingface does: one call of ``encode`` for all texts."""

        def __init__(self) -> None:
            self.model = torch_model(scratch / "torch")

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [vector.tolist() for vector in self.model.encode_document(texts)]

    torch = Torch()
    sample = [path.read_text("utf-8")[:300] for path in files if path.suffix == ".txt"][:8]
    if sample:
        pairs = zip(Own().embed_documents(sample), torch.embed_documents(sample), strict=True)
        print(f"the two models agree to a cosine of {min(float(np.dot(a, b)) for a, b in pairs):.4f}")
    return {
        "LangChain, 8-bit model": lambda home: take_in(home, Own()),
        "LangChain, torch model": lambda home: take_in(home, torch),
    }


def torch_model(folder: Path) -> Any:
    """Return the weights of the embedded model as a plain SentenceTransformer of float32."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    from indexes.embedded import PROMPTS
    from indexes.vocabulary import build_tokenizer, kept_pieces
    from indexes.weights import Weights, weight_file

    weights = Weights(weight_file())
    kept, size = kept_pieces(weights), weights.hidden
    config = BertConfig(
        vocab_size=len(kept), hidden_size=size, num_hidden_layers=weights.layers,
        num_attention_heads=weights.heads, intermediate_size=weights.wide,
        max_position_embeddings=weights.positions, type_vocab_size=2, layer_norm_eps=weights.epsilon, pad_token_id=1,
    )  # fmt: skip
    state = {
        "embeddings.word_embeddings.weight": weights.matrix("emb.word", weights.rows, size)[kept],
        "embeddings.position_embeddings.weight": weights.floats("emb.pos", weights.positions, size),
        "embeddings.token_type_embeddings.weight": weights.floats("emb.type", 2, size),
    }

    def norm(name: str, ours: str) -> None:
        state[name + ".weight"] = weights.floats(ours + ".w", size)
        state[name + ".bias"] = weights.floats(ours + ".b", size)

    norm("embeddings.LayerNorm", "emb.ln")
    for layer in range(weights.layers):
        own, theirs = f"l{layer}.", f"encoder.layer.{layer}."
        for ours, name, rows, columns in (
            ("q", "attention.self.query", size, size), ("k", "attention.self.key", size, size),
            ("v", "attention.self.value", size, size), ("ao", "attention.output.dense", size, size),
            ("fi", "intermediate.dense", weights.wide, size), ("fo", "output.dense", size, weights.wide),
        ):  # fmt: skip
            state[theirs + name + ".weight"] = weights.matrix(own + ours + ".w", rows, columns)
            state[theirs + name + ".bias"] = weights.floats(own + ours + ".b", rows)
        norm(theirs + "attention.output.LayerNorm", own + "aln")
        norm(theirs + "output.LayerNorm", own + "oln")
    bert = BertModel(config, add_pooling_layer=False)
    bert.load_state_dict(
        {name: torch.from_numpy(np.array(tensor)) for name, tensor in state.items()}, strict=False
    )
    bert.save_pretrained(folder)
    special = {"bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}  # fmt: skip
    tokenizer = build_tokenizer(weights, kept)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=512, **special).save_pretrained(
        folder
    )
    parts = [Transformer(str(folder), max_seq_length=512), Pooling(size, "mean"), Normalize()]
    return SentenceTransformer(modules=parts, prompts=PROMPTS, device="cpu")


def measure(systems: dict[str, Run], files: int, runs: int, scratch: Path) -> None:
    times: dict[str, list[float]] = {name: [] for name in systems}
    told: dict[str, str] = {}
    for number in range(runs):
        for name, run in systems.items():
            begun = time.perf_counter()
            told[name] = run(scratch / f"{number}-{len(told)}-{name}")
            times[name].append(time.perf_counter() - begun)
    rates = {name: 60 * files / statistics.median(spent) for name, spent in times.items()}
    slowest = rates.get("LangChain, torch model")
    for name, rate in rates.items():
        spent = " ".join(f"{seconds:.1f}" for seconds in times[name])
        against = f"  {rate / slowest:5.2f} ×" if slowest else ""
        print(f"  {name:24}{rate:7.0f} reports a minute{against}   ({spent} s; {told[name]})")


if __name__ == "__main__":
    main()
