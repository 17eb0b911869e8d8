"""Why a result is what it is: its formula, the cells that move it, and how much of its uncertainty rests on guesses."""
