"""Judging answers: against what an expert expects, and against the promise that every number has a source."""
