"""What can be wrong with a network of operations: every problem at once, each with its place and its remedy."""

from karvan.operations.review.review import review

__all__ = ["review"]
