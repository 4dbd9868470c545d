"""One question per file; arrays in, arrays out."""
