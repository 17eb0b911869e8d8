"""What every table looks like: one CSV file a table, and the checks, references and types built from those files.

In goes text as people wrote it; out come typed frames and every problem with its line and remedy. The files under
``inputs`` and ``outcomes`` are the only place where a column, its unit or its range is said.
"""
