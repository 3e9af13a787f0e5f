"""Messages taken for client firms."""
