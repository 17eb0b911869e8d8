"""A corridor's services as a network of operations: its tables and the cargo that freight sends over them."""
