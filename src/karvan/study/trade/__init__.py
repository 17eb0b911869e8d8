"""Trade in studies: what tariffs and a faster or cheaper corridor make of trade, and the cargo that it brings."""
