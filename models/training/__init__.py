"""The recipe of compact-fr: sentences, speech, training, annealing, export, check."""
