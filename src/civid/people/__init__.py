"""People: numbers, names, dates, places, citizens, households, forms and findings."""
