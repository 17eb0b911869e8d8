"""What the panel tells of one thing: figures and sources, what a zone exchanges, the record beside the model."""
