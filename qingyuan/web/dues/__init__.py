"""What should be done: the windows of tests, the rows behind a number of them, a lawful absence."""
