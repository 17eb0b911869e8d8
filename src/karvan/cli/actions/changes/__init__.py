"""Commands about changes: two plans beside each other, and the way to a target."""
