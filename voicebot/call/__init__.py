"""A call: turn-taking, playback, the session that ties the stages together, and its replay."""
