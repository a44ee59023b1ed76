"""From documents to answers: read, extract, link, assemble, store, ask, measure, draw."""
