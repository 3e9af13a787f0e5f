"""Speech synthesis: written sentences to audio, with a disk cache for what is said often."""
