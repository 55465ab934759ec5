"""What "not sure" means, for everything that a machine recognised in a picture.

A confidence (0 to 1) is that of the least sure character; None belongs to typed text, which is never in doubt.
``scripts/score_scans.py`` measures what share of the values on either side of ``LOW`` is wrong.
"""

from __future__ import annotations

from decimal import Decimal

LOW = Decimal("0.8")
"""Below this a recognised value is shown with a mark and asks to be compared with the original."""

MARK = "扫描件识别,把握不大,请核对原件"
"""What is said beside a value below ``LOW``; it holds no figure, so it can stand in any sentence."""


def is_low(confidence: Decimal | None) -> bool:
    """Tell whether a value of this confidence must be marked."""
    return confidence is not None and confidence < LOW
