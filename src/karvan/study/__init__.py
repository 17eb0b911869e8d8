"""The only room that sees every model: runs, comparisons with the record, routes asked for, checks."""
