"""Where in its sentence a number stands: in which bracket, behind which semicolon, in a list of which whole."""

from __future__ import annotations

import re

from corpus.facts import labels, parts
from corpus.facts.spots import Spot
from corpus.facts.state import Sentence
from corpus.model import Fact
from corpus.units import dimension

_IDLE = re.compile(r",[^,;。:()\d]{4,},")
_MARK = re.compile(r"[,;:。、]")
_AMONG = re.compile(
    r"(?:在|从)?(?:这些|全部|全[县市区省])?(?P<whole>[\u4e00-\u9fff]{2,16})(?:之)?(?:中|当中)[,:]"
)
_OF_THEM = re.compile(r"[^,;。:()]{0,12}中,")
_DIVIDES = re.compile(r"(?:^|[,;])(?:内有|内含|包括|包含|含)(?!义)")


def turn(masked: str, state: Sentence, spot: Spot, facts: list[Fact], start: int) -> None:
    """Bring ``state`` to the bracket, the clause and the list that ``spot`` stands in."""
    host = None
    opening = next((b for b in spot.brackets if all(b != known for known, _ in state.frames)), None)
    if facts and opening is not None and not _MARK.search(masked, facts[-1].end, opening):
        host = facts[-1]
    state.turn(spot.brackets, host)
    begin = facts[-1].end if facts else start
    passed = masked[begin : spot.quantity.full_start]
    if ";" in passed and not (state.frames and "(" in passed):
        state.segment()
    if spot.clause[0] != state.clause:
        state.clause, state.staged, state.inner = spot.clause[0], None, None
    if facts and _IDLE.search(passed):
        state.close()
    if "其中" in passed or _DIVIDES.search(spot.before):
        state.divide(listed="其中:" in passed or passed.startswith("其中"))
        state.divided = spot.clause[0]
    elif not facts and (opened := _AMONG.match(masked, start)):
        known = [*state.earlier[-12:], *state.before.values()]
        wholes = [
            f for f in known if labels.trim(opened["whole"]) in (labels.trim(f.label), parts.plain(f.metric))
        ]
        if wholes:
            state.share({dimension(wholes[-1].unit): wholes[-1]})
    elif facts and (told := _AMONG.match(masked, begin + passed.rfind(";") + 1)) and ";" in passed:
        known = [f for f in state.levels[-12:] if labels.trim(told["whole"]) == labels.trim(f.label)]
        if known:
            state.share({dimension(known[-1].unit): known[-1]})
    elif facts and _OF_THEM.match(passed):
        state.divide(listed=True)  # 未入学8人中,因重度残疾不能入学5人,随父母外出3人
    elif facts and passed.startswith(":"):
        state.divide(listed=True)  # 残疾儿童少年共268名:特教学校就读71名,…
