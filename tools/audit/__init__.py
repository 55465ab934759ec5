"""Audit of a report: every figure that its own text lets one recompute, recomputed and judged."""
