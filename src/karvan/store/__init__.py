"""The only room that touches the disk: corridors as folders of CSV, outcomes as folders of Parquet.

A folder goes in and a corridor or outcome comes out, or an error that carries every problem of every file. Whatever
is written stands in place whole or not at all, also when the process is killed.
"""
