"""The same networks in SimPy on the same random streams: the oracle of the compiled loop, and a way out of it."""
