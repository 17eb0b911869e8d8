"""What each command does: it calls a verb and shows the answer. Loaded only when the command runs."""
