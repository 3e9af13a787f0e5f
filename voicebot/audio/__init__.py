"""Sample maths and audio files: no call, no clock, no model."""
