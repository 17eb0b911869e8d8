"""Operations: services simulated event by event, replication by replication, on tables and not on code."""
