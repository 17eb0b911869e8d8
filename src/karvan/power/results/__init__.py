"""What a solved network says, as tidy tables: balance, prices, flows, rents, exports, what each country gains."""
