"""Benchmarks: one file each, with its peer in the same run. `make bench B=slice`."""
