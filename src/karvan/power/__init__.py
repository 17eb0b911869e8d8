"""Power: a PyPSA network of a corridor's zones in one year, its hourly profiles, its expansion and its dispatch."""

from karvan.power.build import network

__all__ = ["network"]
