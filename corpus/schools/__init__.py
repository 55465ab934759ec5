"""School tables (xlsx, csv): read strictly, with every problem named by its cell; nothing is guessed."""

SUFFIXES = (".csv", ".xlsm", ".xlsx")
"""The names under which school tables come."""
