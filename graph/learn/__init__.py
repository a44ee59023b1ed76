"""Training of the learned extractor; needs the extra `train`, running it does not."""
