"""Pages of cables: what each is, what it brings, what it comes to and who gains."""
