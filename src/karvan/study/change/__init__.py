"""What a change brings: two scenarios beside each other, who brought which part, and what would reach a target."""
