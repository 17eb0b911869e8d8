"""What each question to the register does."""
