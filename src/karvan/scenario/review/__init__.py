"""What is wrong with levers: each alone, all together, and what they would leave behind."""
