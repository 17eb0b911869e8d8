"""The model judged on what it has not seen, beside naive forecasts; and what it says of years to come."""
