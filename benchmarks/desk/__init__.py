"""The people of `benchmarks.desk_load`: callers, secretaries and another process, at a real `voicebot serve`."""
