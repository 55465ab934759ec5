"""What can go wrong while keeping and finding, each told to a person in one Chinese line.

JunhengError
└── IndexingError
    ├── StoreError        the folder of a store, or what lies in it, cannot be used
    │   └── StoreBusy     another process is writing
    └── EmbeddingError    an embedding model cannot be built or loaded
"""

from __future__ import annotations

from corpus.errors import JunhengError


class IndexingError(JunhengError):
    """Something in this layer failed; nothing half-written is left."""


class StoreError(IndexingError):
    """The store cannot be opened, read or written; the message names the folder and the way out."""


class StoreBusy(StoreError):
    """Another process has been writing for longer than this one was ready to wait."""


class EmbeddingError(IndexingError):
    """An embedding model cannot be built or loaded; the message names it."""
