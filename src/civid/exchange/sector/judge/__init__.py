"""What is wrong with a table, by rule and row; how ready it is; and what to mend first."""
