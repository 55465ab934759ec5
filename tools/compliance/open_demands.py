"""What a demand asks for in words beside its limits."""

from __future__ import annotations

import re

from corpus.rules import Demand

_BRACKET = re.compile(r"[((][^()()]*[))]")
_MEASURED = re.compile(r"达到|不低于|不超过|不少于|低于|高于|以上")


def open_demands(demand: Demand) -> tuple[str, str]:
    """Return (what is demanded by measure without a limit at hand, what is demanded in words alone).

    "相关科目学生学业水平达到Ⅲ级以上,且校际差异率低于0.15" leaves the level open, "…不低于50%,并向农村初中倾斜" a direction.
    """
    limits = [limit for limit in demand.limits if not limit.repealed]
    if not limits:
        return "", ""
    numbers = [f"{limit.value.normalize():f}" for limit in limits if limit.value is not None]
    pieces = [piece.strip() for piece in re.split(r"[,,;;]", _BRACKET.sub("", demand.name)) if piece.strip()]
    covered = [
        piece
        for piece in pieces
        if any(number in piece for number in numbers)
        or any(limit.than and limit.than in piece for limit in limits)
    ]
    if not covered:
        return "", ""
    rest = [piece for piece in pieces if piece not in covered and not piece.endswith("中")]
    measured = [piece for piece in rest if _MEASURED.search(piece)]
    return "、".join(measured), "、".join(piece for piece in rest if piece not in measured)
