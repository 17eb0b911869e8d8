"""Power in studies: years of a run, solved or taken from a stored one; what a cable is worth."""
