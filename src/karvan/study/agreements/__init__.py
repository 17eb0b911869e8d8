"""What agreements come to: whether what they promise was kept, and what the levers they pull are worth."""
