"""Arrays in, arrays out: shortest paths, route sequences, geodesy. Nothing here knows a corridor."""
