"""What a corridor must keep beyond the schemas of its tables, one small function a rule."""
