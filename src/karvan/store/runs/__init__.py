"""Runs as they lie on a disk or an object store: where, what is in them, and questions to several."""
