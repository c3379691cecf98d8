"""What operators look at: the merge report."""
