"""Client firms and their consignes: what to say, ask, book, transfer and refuse."""
