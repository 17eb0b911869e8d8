"""The page of a session: its elements, what stands in them, and how a move of a lever reaches them."""
