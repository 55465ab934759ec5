"""Write ``requirements.lock`` and ``requirements-dev.lock`` from a clean virtual environment.

Run it with ``make lock``. Versions that the present locks pin are kept where ``pyproject.toml`` still
allows them, so that adding one dependency does not move the others; ``make lock UPGRADE=1`` takes the
newest of everything instead.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
HEADER = "# Written by `make lock` from pyproject.toml; do not edit. {what}\n"


def main() -> int:
    """Resolve in a temporary environment, then replace both locks; on any failure both stay as they were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="ignore the versions pinned so far")
    upgrade = parser.parse_args().upgrade

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    # The build backend is locked too: the project is installed without build isolation.
    wanted = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    wanted_dev = project["project"]["optional-dependencies"]["dev"]
    with tempfile.TemporaryDirectory(prefix="junheng-lock-") as folder:
        constraints = Path(folder, "constraints.txt")
        constraints.write_text("" if upgrade else pinned_lines(RUN_LOCK) + pinned_lines(DEV_LOCK), "utf-8")
        python = new_environment(Path(folder, "venv"))
        try:
            run_packages = install_and_freeze(python, wanted, constraints)
            dev_packages = install_and_freeze(python, wanted_dev, constraints)
        except subprocess.CalledProcessError as failed:
            print(
                f"make lock: pip failed (exit {failed.returncode}); the locks are unchanged.", file=sys.stderr
            )
            if not upgrade:
                print("If two versions conflict, try: make lock UPGRADE=1", file=sys.stderr)
            return 1

    moved = sorted(name for name, version in run_packages.items() if dev_packages.get(name) != version)
    if moved:
        print(
            f"make lock: the dev extra changes {', '.join(moved)}; the locks are unchanged.", file=sys.stderr
        )
        return 1
    added = {name: version for name, version in dev_packages.items() if name not in run_packages}
    write_lock(RUN_LOCK, run_packages, "What `junheng` needs to run.")
    write_lock(DEV_LOCK, added, "What the checks need on top of requirements.lock.")
    print(f"{RUN_LOCK.name}: {len(run_packages)} packages; {DEV_LOCK.name}: {len(added)} more.")
    return 0


def pinned_lines(lock: Path) -> str:
    """Return the ``name==version`` lines of a lock, empty if there is none."""
    if not lock.exists():
        return ""
    return "".join(f"{line}\n" for line in lock.read_text("utf-8").splitlines() if "==" in line)


def new_environment(folder: Path) -> Path:
    """Make a virtual environment and return its interpreter."""
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def install_and_freeze(python: Path, requirements: list[str], constraints: Path) -> dict[str, str]:
    """Install ``requirements`` and return every package of the environment with its public version."""
    pip: list[str] = [str(python), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--constraint", str(constraints), *requirements], check=True)
    subprocess.run([*pip, "check"], check=True)
    listed = subprocess.run(
        [*pip, "list", "--format=json", "--exclude", "pip"], check=True, capture_output=True, text=True
    )
    return public_versions(listed.stdout)


def public_versions(listing: str) -> dict[str, str]:
    """Read pip's JSON listing; ``2.13.0+cpu`` becomes ``2.13.0``, which any build of that version meets."""
    rows: list[dict[str, Any]] = json.loads(listing)
    return {normalise(row["name"]): re.sub(r"\+.*", "", row["version"]) for row in rows}


def normalise(name: str) -> str:
    """Return a package name as the index spells it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def write_lock(path: Path, packages: dict[str, str], what: str) -> None:
    """Replace ``path`` by one ``name==version`` line a package, sorted."""
    lines = [f"{name}=={version}\n" for name, version in sorted(packages.items())]
    path.write_text(HEADER.format(what=what) + "".join(lines), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
