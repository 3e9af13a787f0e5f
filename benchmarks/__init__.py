"""Measures of speed and accuracy: one file each, on a shared harness; figures go to `results/` as JSON."""
