"""Names, options and help of the commands, by subject. Nothing heavy is loaded here."""
