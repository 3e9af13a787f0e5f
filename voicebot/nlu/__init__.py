"""Understanding of what callers say, without a language model: grammars, rules and a linear classifier."""
