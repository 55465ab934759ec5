"""From the text of a report to its facts."""

from corpus.facts.extract import read_facts

__all__ = ["read_facts"]
