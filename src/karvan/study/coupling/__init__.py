"""Models that answer one another by levers until neither asks for more: freight and trade."""
