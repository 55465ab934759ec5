"""LibreOffice, where it is installed, as a converter in a process of its own: no macros, no network, bounded."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

SECONDS = 90
"""A report converts in two to five seconds on one core, the start of the program included."""
MEMORY = 4 * 1024 * 1024
"""Kilobytes of address space; the program maps about one million when it starts."""
FILE_BLOCKS = 1024 * 1024
"""Blocks of 512 bytes (1 kB in some shells) that it may write into one file."""

PROCESSOR = 240
"""Seconds of processor time, after which the system ends it, should whoever waits for it have been killed."""

_ELSEWHERE = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
)
_SWITCHES = ("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard")
_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Writer/Content/Update", "Link", "2"),  # never follow links
    ("Inet/Settings", "ooInetProxyType", "2"),  # through a proxy that is not there
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


class Unconverted(Exception):
    """The program could not convert the file; ``in_time`` is False where it was stopped."""

    def __init__(self, in_time: bool) -> None:
        super().__init__()
        self.in_time = in_time


def program() -> str | None:
    """Return the path of LibreOffice, None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((path for path in _ELSEWHERE if Path(path).is_file()), None)


def to_docx(data: bytes, suffix: str, seconds: float = SECONDS) -> bytes:
    """Convert a document to .docx; ``suffix`` says what it is (".doc").

    Raises:
        Unconverted: it failed or took longer than ``seconds``.
        FileNotFoundError: there is no LibreOffice.
    """
    office = program()
    if office is None:
        raise FileNotFoundError("LibreOffice")
    with tempfile.TemporaryDirectory(prefix="junheng-", ignore_cleanup_errors=True) as folder:
        home, given = Path(folder), Path(folder, f"given{suffix}")
        given.write_bytes(data)
        _set_up(home / "profile")
        profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
        convert = ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(home / "made"), str(given)]
        in_time = _run([office, profile, *_SWITCHES, *convert], home, seconds)
        made = home / "made" / "given.docx"
        if not in_time or not made.is_file():
            raise Unconverted(in_time)
        return made.read_bytes()


def _set_up(profile: Path) -> None:
    (profile / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path if path.startswith("Inet") else "Office." + path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>',
        encoding="utf-8",
    )


def _run(command: list[str], home: Path, seconds: float) -> bool:
    """Run a command and all it starts as a group of its own; return whether it ended in time."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "LANG")}
    own = {
        "HOME": str(home),
        "TMPDIR": str(home),
        "TEMP": str(home),
        "TMP": str(home),
        "SAL_USE_VCLPLUGIN": "svp",
    }
    if os.name == "posix":
        limits = f'ulimit -v {MEMORY} 2>/dev/null; ulimit -f {FILE_BLOCKS} 2>/dev/null; ulimit -t {PROCESSOR}; ulimit -c 0; exec "$@"'
        command = ["/bin/sh", "-c", limits, "sh", *command]
    process = subprocess.Popen(
        command,
        cwd=home,
        env=kept | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    finally:
        _stop(process)
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it left running."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()
