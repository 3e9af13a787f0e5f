"""Appointments: opening hours, availability, holds and the built-in agenda."""
