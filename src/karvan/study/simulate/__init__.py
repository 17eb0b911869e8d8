"""Operations in studies: a year of services under the cargo of a solved year, replication by replication."""
