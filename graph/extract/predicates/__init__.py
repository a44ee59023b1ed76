"""One small function a predicate: from the runs of a passage to the pairs that it relates."""
