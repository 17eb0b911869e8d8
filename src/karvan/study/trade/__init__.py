"""Trade in studies: what a scenario's tariffs and a faster or cheaper corridor make of trade, and the cargo it brings."""
