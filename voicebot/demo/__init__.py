"""A handful of simulated callers, through the whole audio path."""
