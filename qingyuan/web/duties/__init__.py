"""Member units at work: their plan of the year, a task with its quarters, needs of one another, the city's year, programmes."""
