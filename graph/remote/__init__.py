"""A store elsewhere: any SPARQL 1.1 endpoint, asked over HTTP.

`address.py` where it is and who we are there; `exchange.py` one request and what may go wrong with
it; `dialects.py` in what engines differ; `store.py` asks; `writer.py` stores graphs of texts.
"""
