"""How staff write dates: the day before the month, in both languages of the console."""
