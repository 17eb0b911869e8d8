"""Actions of the commands that hold the model to the record."""
