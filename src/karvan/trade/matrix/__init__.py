"""The base matrix of trade: reports reconciled, gaps filled by gravity, balanced to the totals of economies."""
