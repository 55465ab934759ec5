"""Compliance with a codified standard, computed so that anyone can follow it."""
