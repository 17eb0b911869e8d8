"""The door of the terminal: it parses, calls and shows. No science."""
