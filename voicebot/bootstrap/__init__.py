"""Wiring: the only place, with the command line, that knows concrete adapters, the desk and the accounts."""
