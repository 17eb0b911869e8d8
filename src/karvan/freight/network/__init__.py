"""Where cargo can go: the supernetwork, its costs, the routes over it and what they say to a reader."""
