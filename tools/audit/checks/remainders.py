"""What is left: those who have not come of those who should, problems not yet put right, money not spent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Fact
from corpus.units import dimension
from tools.audit import moving
from tools.audit.clauses import in_closed_bracket, squeezed
from tools.audit.intervals import judge
from tools.audit.model import Finding
from tools.audit.registry import check, tell
from tools.audit.sayings import Pieces, called
from tools.audit.telling import finding_of
from tools.audit.view import View

_NOT = re.compile(
    r"(?:尚|还|仍|暂)?(?:未能?|没有)(?:按时|按期|如期|及时|完成|全部)*(?P<verb>[^,;。、\d的(]{2,6})(?:的|的?[^,;。、\d(]{2,4})?$"
)
_LEFT = re.compile(r"(?:结余|节余|结转结余)(?:资金|经费)?(?:为|约)?$")
_SPENT = re.compile(r"支出|使用|拨付|支付")
_GIVEN = re.compile(r"到位|收入|下达|安排|拨付|资金|投入")
_WHOLE = re.compile(r"应|须|需|发现|核定|共|总|计划|任务|排查|查出|交办|反馈|受理|收到")
_PERSONS = re.compile(r"次$")


@check("remainder")
def remainders(view: View) -> Iterator[Finding]:
    """Recompute what is said to be left over from the whole and what was done, where the words name all three."""
    for claim in view.facts:
        if claim.role != "level" or claim.kind != "actual" or claim.unit == "%":
            continue
        words = _own(view, claim)
        missing, left = _NOT.search(words), _LEFT.search(words)
        if missing is None and left is None:
            continue
        near = [f for f in view.before(claim, 130) if f.sentence == claim.sentence and _alike(view, f, claim)]
        near = [f for f in near if not in_closed_bracket(view.folded, f, claim.start)]
        if len(near) < 2 or "其中" in view.folded[near[-1].end : claim.start]:
            continue
        whole, done = near[-2], near[-1]
        first, second = _own(view, whole), _own(view, done)
        if missing is not None:
            verb = missing["verb"][-2:]
            tied = (
                verb in second
                and (verb in first or bool(_WHOLE.search(first)))
                and "未" not in first + second
            )
            sure = tied and "累计" not in first + second and len(near) == 2
        else:
            tied, sure = bool(_SPENT.search(second) and _GIVEN.search(first)), False
        if not tied:
            continue
        made = moving.difference(whole, done, claim.unit, claim.unit)
        judged = judge(claim, made)
        if judged.verdict == "inconsistent" and not sure:
            continue
        start: Pieces = (*called(claim), ":由", whole, "和", done, "复算,相差", made)
        if judged.verdict == "inconsistent":
            why = tell(*start, ",报告写", claim, ",不一致")
        else:
            loose = "略有出入,在四舍五入允许的范围内" if judged.verdict == "rounding" else "一致"
            why = tell(*start, ",与报告的", claim, loose)
        yield finding_of(
            view, claim, "difference", "difference", why, (whole, done), judged.verdict, made, judged
        )


def _alike(view: View, fact: Fact, claim: Fact) -> bool:
    """True for a result of the same unit; 人次 is none of 人."""
    same = fact.role == "level" and fact.kind == "actual" and dimension(fact.unit) == dimension(claim.unit)
    return same and bool(_PERSONS.search(fact.unit)) == bool(_PERSONS.search(claim.unit))


def _own(view: View, fact: Fact) -> str:
    """The words of the clause before the number of ``fact``."""
    words = view.folded[max(fact.sentence[0], fact.start - 30) : fact.start]
    return squeezed(re.split(r"[,;。:、\d]", re.sub(r"\([^()]*\)", "", words))[-1])
