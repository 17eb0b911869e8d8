"""Diagrams of operations as SVG."""
