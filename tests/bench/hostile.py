"""Queries of a few words that take all the time or memory they can get."""

from __future__ import annotations

_ALL = "?s ?p ?o . ?a ?b ?c . ?x ?y ?z"


def hostile_queries() -> dict[str, str]:
    """Queries by what is bad about them."""
    doubled = "".join(f" BIND(CONCAT(?t{i}, ?t{i}) AS ?t{i + 1})" for i in range(40))
    replaced = "".join(f' BIND(REPLACE(?t{i}, "a", "aaaa") AS ?t{i + 1})' for i in range(20))
    values = " ".join(f'("{i}")' for i in range(30_000))
    return {
        "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {_ALL} }}",
        "distinct of a product": "SELECT DISTINCT ?s ?c { ?s ?p ?o . ?a ?b ?c }",
        "order of a product": "SELECT * { ?s ?p ?o . ?a ?b ?c } ORDER BY ?o ?c ?p LIMIT 1",
        "groups of a product": "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o . ?a ?b ?c } GROUP BY ?s ?a",
        "texts of a product": (
            'SELECT (GROUP_CONCAT(?o; separator=",") AS ?t) { ?s ?p ?o . ?a ?b ?c }'
        ),
        "path without end": "SELECT (COUNT(*) AS ?n) { ?s (!<a:b>)* ?o . ?o (!<a:b>)* ?z }",
        "paths both ways": "SELECT (COUNT(*) AS ?n) { ?s (!<a:b>|^(!<a:b>))+ ?o }",
        "doubled string": f'SELECT (STRLEN(?t40) AS ?n) {{ BIND("ab" AS ?t0){doubled} }}',
        "growing by REPLACE": f'SELECT (STRLEN(?t20) AS ?n) {{ BIND("a" AS ?t0){replaced} }}',
        "regular expressions": (
            "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . ?a ?b ?c "
            'FILTER REGEX(CONCAT(STR(?o), STR(?c)), "(a|b|ab)*c(.*a){12}$") }'
        ),
        "hash of everything": (
            "SELECT (MAX(SHA512(CONCAT(STR(?o), STR(?c)))) AS ?m) { ?s ?p ?o . ?a ?b ?c }"
        ),
        "nested brackets": "SELECT * { " + "{ " * 3000 + "?s ?p ?o" + " }" * 3000 + " }",
        "nested calls": f"SELECT ({'STR(' * 2000}1{')' * 2000} AS ?x) {{ }}",
        "sum without end": f"SELECT (({'+'.join(['1'] * 9000)}) AS ?x) {{ }}",
        "long path": f"SELECT * {{ ?s {'/'.join(['<a:b>'] * 800)} ?o }}",
        "many values": (
            f"SELECT (COUNT(*) AS ?n) {{ VALUES (?o) {{ {values} }} ?s ?p ?q . ?a ?b ?c }}"
        ),
        "optional product": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o OPTIONAL { ?a ?b ?c } }",
        "minus of everything": (
            "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER NOT EXISTS "
            "{ ?a ?b ?c . ?x ?y ?z FILTER(?c = ?o && ?z = ?nothing) } }"
        ),
    }
