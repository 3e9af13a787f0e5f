"""The softphone: a page that rings a line, and the WebSocket that carries the call."""
