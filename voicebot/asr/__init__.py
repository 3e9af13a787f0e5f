"""Speech recognition: one model per process, shared by every call."""
