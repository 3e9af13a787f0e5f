"""Alembic environment, run by `voicebot.records.migrate`."""
