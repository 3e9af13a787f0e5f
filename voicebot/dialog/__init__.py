"""The dialogue: a pure policy from state and caller turn to new state and actions."""
