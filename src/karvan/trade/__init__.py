"""Trade: gravity estimated, and what another cost of trade makes of it in general equilibrium."""

from karvan.trade.gravity import Estimate, estimate, predict

__all__ = ["Estimate", "estimate", "predict"]
