"""A plan as JSON for other programs: the contract's shape, every number a string in plain decimal notation."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tools.compliance.display import plain
from tools.plan.model import Addition, Further, Move, Plan, PlannedSpread


def plan_json(plan: Plan) -> dict[str, Any]:
    """Return what ``junheng plan --json`` prints.

    ``stage`` of an addition is null where it is stated for the whole row. ``dispersion_additions`` come on top of
    ``additions`` and give ``cv_final``; ``further`` says by indicator how well they are proven to be the least.
    """
    extra = [item for further in plan.further for item in further.additions]
    return {
        "region": plan.region,
        "year": plan.year,
        "standard": plan.standard,
        "additions": [addition_json(item) for item in plan.additions],
        "moves": [move_json(move) for move in plan.moves],
        "dispersion": [spread_json(item) for item in plan.dispersion],
        "dispersion_additions": [addition_json(item) for item in extra],
        "further": [further_json(item) for item in plan.further],
        "totals": {
            "additions": totals(plan.additions),
            "dispersion_additions": totals(extra),
            "moved": {
                code: str(sum(move.moved for move in plan.moves if move.code == code))
                for code in dict.fromkeys(move.code for move in plan.moves)
            },
        },
        "notes": list(plan.notes),
    }


def addition_json(item: Addition) -> dict[str, Any]:
    return {
        "school": item.school.name,
        "row": item.school.row,
        "stage": item.stock.stage,
        "code": item.stock.code,
        "have": plain(item.have),
        "need": plain(item.need),
        "add": plain(item.add),
        "unit": item.stock.unit,
        "cells": [cell.ref for cell in item.stock.cells],
    }


def move_json(move: Move) -> dict[str, Any]:
    return {
        "code": move.code,
        "stage": move.stage,
        "feasible": move.feasible,
        "moved": str(move.moved),
        "added": str(move.added),
        "have": str(move.have),
        "need": str(move.need),
        "transfers": [
            {
                "from": transfer.giver.name,
                "from_row": transfer.giver.row,
                "to": transfer.taker.name,
                "to_row": transfer.taker.row,
                "count": str(transfer.count),
            }
            for transfer in move.transfers
        ],
        "additions": [
            {"school": school.name, "row": school.row, "count": str(count)}
            for school, count in move.additions
        ],
        "why": move.why,
    }


def spread_json(item: PlannedSpread) -> dict[str, Any]:
    return {
        "code": item.code,
        "stage": item.stage,
        "cv_before": item.before,
        "cv_after": item.after,
        "cv_final": item.final,
        "limit": item.limit,
        "units": item.units,
        "left_out": item.left_out,
    }


def further_json(item: Further) -> dict[str, Any]:
    return {
        "code": item.code,
        "total": plain(item.total),
        "least": plain(item.least),
        "proof": item.proof,
    }


def totals(additions: Iterable[Addition]) -> dict[str, dict[str, str]]:
    """Return sums by indicator, and in it by stage; facilities shared by two stages are under ``both``."""
    sums: dict[str, dict[str, Fraction]] = {}
    units: dict[str, str] = {}
    for item in additions:
        stages = [claim.stage for claim in item.stock.claims]
        code, part = item.stock.code, stages[0] if len(stages) == 1 else "both"
        units[code] = item.stock.unit
        own = sums.setdefault(code, {})
        for key in (part, "total"):
            own[key] = own.get(key, Fraction(0)) + item.add
    return {
        code: {**{part: plain(number) for part, number in own.items()}, "unit": units[code]}
        for code, own in sorted(sums.items())
    }
