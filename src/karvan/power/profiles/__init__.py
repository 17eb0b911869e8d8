"""Hourly profiles: sun, wind, water and load from a few parameters and a seed, or as measured."""
