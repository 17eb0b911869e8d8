"""Tables, figures and pages as text: the only ink of the house.

What enters is a corridor and an outcome, what leaves is text or plain tables; nothing here reads a result from disk,
writes one or knows the clock. The terminal and the page take their figures from the same functions, so they agree.
"""
