"""Named cases with sizes, measured: ``python -m benchmarks NAME``."""
