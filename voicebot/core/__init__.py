"""Vocabulary shared by every package: pure types, no I/O, no model library."""
