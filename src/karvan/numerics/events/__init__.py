"""Events in time: a compiled loop that walks a table of instructions, its heap and its random streams."""
