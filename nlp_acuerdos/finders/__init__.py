"""Pure functions from text to spans; no spaCy, no state."""
