"""The learned extractor: a small encoder and trees over what it and the rules find."""
