"""From names in one text to entities of the graph."""
