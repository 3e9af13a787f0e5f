"""The caller's side: audio, turn-taking, understanding, dialogue, speech and records of a call."""
