"""Speech detection: is anybody speaking, and from when to when."""
