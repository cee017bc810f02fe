"""The laboratory: synthetic prints, evaluation, peers. Of civid only the command line uses it."""
