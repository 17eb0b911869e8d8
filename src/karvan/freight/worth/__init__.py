"""What the equilibrium is worth, and how an outcome answers to every capacity and cell."""
