"""Public claims beside the record: which rows decide a claim, and what verdict a rule reads from them."""
