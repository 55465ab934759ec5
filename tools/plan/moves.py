"""Moving teachers between the schools of a county: the fewest that make every unit of a stage comply.

A unit needs ⌈threshold × students ÷ 100⌉. Whoever has more can give down to that. If the stage has enough in all, the
fewest moved is the sum of what is short, as each moved teacher fills one gap; otherwise all that can be spared is
moved, and the rest is the fewest added.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.schools.model import School
from tools.compliance.units import ASSESSED, STAGE_NAMES, AssessedStage
from tools.plan.model import Move, Stock, Transfer

MOVABLE = ("1.2", "1.3")
"""骨干教师 and 体育艺术教师; the education of teachers (1.1) is not changed by moving the post."""


def moves_of(code: str, stage: AssessedStage, name: str, stocks: Sequence[Stock]) -> Move:
    """Return the moves among ``stocks`` of one indicator and stage; ``name`` is what is moved, in Chinese."""
    spare = [(stock.school, int(stock.have - stock.need)) for stock in stocks if stock.have > stock.need]
    short = [(stock.school, int(stock.short)) for stock in stocks if stock.short > 0]
    have, need = (int(sum(side)) for side in ([s.have for s in stocks], [s.need for s in stocks]))
    transfers, left = match(spare, short)
    moved, added = sum(transfer.count for transfer in transfers), sum(count for _, count in left)
    why = ""
    if added:
        why = (
            f"{STAGE_NAMES[stage]}阶段各校共有{name}{have}人，各校按标准共需{need}人，只靠调配不够："
            f"能调的{moved}人全部调出后，还要新增{added}人。"
        )
    return Move(code, stage, not added, moved, added, transfers, tuple(left), have, need, why)


def match(
    spare: Sequence[tuple[School, int]], short: Sequence[tuple[School, int]]
) -> tuple[tuple[Transfer, ...], list[tuple[School, int]]]:
    """Return transfers that move as many as possible, and what is still short.

    A giver whose spare is just what a school lacks gives it all first; then the largest spare goes to the largest
    gap, again and again. Each transfer settles one side, so there are fewer of them than schools involved. (The
    smallest number of transfers in all cases is a partition problem and not worth its time here.)
    """
    given, gaps = dict(enumerate(spare)), dict(enumerate(short))
    done: list[Transfer] = []

    def transfer(giver: int, taker: int) -> None:
        (source, has), (target, lacks) = given.pop(giver), gaps.pop(taker)
        count = min(has, lacks)
        done.append(Transfer(source, target, count))
        if has > count:
            given[giver] = (source, has - count)
        if lacks > count:
            gaps[taker] = (target, lacks - count)

    while given and gaps:
        exact = {count: taker for taker, (_, count) in reversed(gaps.items())}
        pair = next(((g, exact[count]) for g, (_, count) in given.items() if count in exact), None)
        if pair is None:
            pair = (min(given, key=lambda g: (-given[g][1], g)), min(gaps, key=lambda t: (-gaps[t][1], t)))
        transfer(*pair)
    done.sort(key=lambda item: (item.taker.row, item.giver.row))
    return tuple(done), sorted(gaps.values(), key=lambda gap: gap[0].row)


def all_moves(stocks: dict[str, tuple[Stock, ...]], names: dict[str, str]) -> tuple[Move, ...]:
    """Return the moves of every movable indicator and stage that has units with data."""
    return tuple(
        moves_of(code, stage, names[code], own)
        for code in MOVABLE
        for stage in ASSESSED
        if code in stocks and (own := [stock for stock in stocks[code] if stock.stage == stage])
    )
