"""What we measure; see :mod:`benchmarks.refresh`."""
