"""Who is what, who agreed what, who met whom and what was promised: questions over time, as known on a day."""
