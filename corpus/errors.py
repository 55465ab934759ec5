"""What can go wrong while reading, each told to a person in one Chinese line.

JunhengError
├── ReadError        a file cannot be read as a report
└── CatalogueError   an indicator, unit or standard file of the project is malformed
"""


class JunhengError(Exception):
    """``str(error)`` is one clear line: what happened, where, and what to do."""


class ReadError(JunhengError):
    """A file cannot be read as a report; nothing was stored."""


class CatalogueError(JunhengError):
    """A YAML file of the project cannot be used; the message names file and key."""
