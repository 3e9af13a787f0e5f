"""Audio connections: one file each."""
