// Terms of an answer: read from JSON, from N-Triples, or from the rows that the server wrote.

const SHORTCUTS = { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" };
const TRIPLE = /^(\S+) (\S+) (.*) \.$/;
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "gYear"].map((name) => `xsd:${name}`));

let prefixes = {};
let base = "";

/** What is needed to write IRIs in short. */
export function setNames(setting) {
  ({ prefixes, base } = setting);
}

/** An IRI as people write it: with a prefix, or by the id of a thing. */
export function short(iri) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (iri.startsWith(namespace) && iri !== namespace) return `${prefix}:${iri.slice(namespace.length)}`;
  }
  if (iri.startsWith(`${base}/id/`)) return iri.slice(base.length + 4);
  return iri.startsWith(`${base}/`) ? iri.slice(base.length + 1) : iri;
}

/** Whether an IRI has a name of its own in this graph. */
export const isOurs = (iri) => iri.startsWith(`${base}/id/`) || iri.startsWith(`${base}/voc/`);

/** Where a link leads: to this service for what is ours; none for what no browser should follow. */
export function address(iri) {
  if (["id/", "ns", "voc", "graph/"].some((part) => iri.startsWith(`${base}/${part}`))) {
    return encodeURI(iri.slice(base.length)).replaceAll("?", "%3F");
  }
  return /^https?:\/\//.test(iri) ? iri : null;
}

const literal = (value, language = "", datatype = "") => {
  const kind = datatype ? short(datatype) : "";
  return { kind: "literal", value, language, datatype: kind === "xsd:string" ? "" : kind };
};
const NONE = { kind: "", value: "", language: "", datatype: "" };

/** The columns and rows of a SPARQL result in JSON. */
export function fromJson(answer) {
  const columns = answer.head.vars ?? [];
  return { columns, rows: answer.results.bindings.map((row) => columns.map((name) => fromBinding(row[name]))) };
}

function fromBinding(term) {
  if (!term) return NONE;
  if (term.type === "uri") return { kind: "iri", value: term.value, language: "", datatype: "" };
  if (term.type === "bnode") return { kind: "blank", value: `_:${term.value}`, language: "", datatype: "" };
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    const parts = [subject, predicate, object].map((part) => fromBinding(part).value);
    return { kind: "other", value: `<<( ${parts.join(" ")} )>>`, language: "", datatype: "" };
  }
  return literal(term.value, term["xml:lang"], term.datatype);
}

/** The triples of N-Triples as rows. */
export function fromNTriples(text) {
  const rows = [];
  for (const line of text.split("\n")) {
    const parts = TRIPLE.exec(line);
    if (parts) rows.push(parts.slice(1).map(fromText));
  }
  return { columns: ["subject", "predicate", "object"], rows };
}

function fromText(text) {
  if (text.startsWith("<") && !text.startsWith("<<")) return { kind: "iri", value: plain(text.slice(1, -1)), language: "", datatype: "" };
  if (text.startsWith('"')) {
    const end = text.lastIndexOf('"');
    const rest = text.slice(end + 1);
    return literal(plain(text.slice(1, end)), rest.startsWith("@") ? rest.slice(1) : "", rest.startsWith("^^<") ? rest.slice(3, -1) : "");
  }
  return { kind: text.startsWith("_:") ? "blank" : "other", value: text, language: "", datatype: "" };
}

const plain = (text) =>
  text.replace(/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)/g, (_, code) =>
    code.length > 1 ? String.fromCodePoint(Math.min(parseInt(code.slice(1), 16), 0x10ffff)) : (SHORTCUTS[code] ?? code));

/** The rows of a table that the server wrote; labels that it knew go into `labels`. */
export function fromTable(table, labels) {
  const columns = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const rows = [...table.tBodies[0].rows].map((row) =>
    [...row.cells].map((cell) => {
      const { kind, value, language = "", datatype = "" } = cell.dataset;
      const text = cell.querySelector("bdi").textContent;
      if (kind !== "iri") return { kind, value: text, language, datatype };
      if (isOurs(value)) labels.set(value, text);
      return { kind, value, language, datatype };
    }));
  return { columns, rows };
}

const NAMES = "_label";

/** An answer with each thing once: a column `x_label` names what the column `x` holds, and goes into `labels`. */
export function joined({ columns, rows }, labels) {
  const namesOf = columns.map((name) => columns.indexOf(`${name}${NAMES}`)).map((names, i) =>
    (names >= 0 && rows.every((row) => ["iri", ""].includes(row[i].kind)) ? names : -1));
  for (const row of rows) {
    namesOf.forEach((names, i) => { if (names >= 0 && row[i].kind && row[names].kind) labels.set(row[i].value, row[names].value); });
  }
  // The thing stands where its name stood.
  const order = columns.map((_, i) => i).filter((i) => namesOf[i] < 0).map((i) => (namesOf.includes(i) ? namesOf.indexOf(i) : i));
  return { columns: order.map((i) => columns[i]), rows: rows.map((row) => order.map((i) => row[i])) };
}

const collator = new Intl.Collator(undefined, { numeric: true });
const RANK = { "": 3, literal: 0, iri: 1, blank: 2, other: 2 };

/** What a term is sorted by: its kind, its size, its name. */
export const sortKey = (term, name) => ({ rank: RANK[term.kind], size: number(term), name: name(term) });

/** Compares sort keys as people sort: numbers by size before names by letters. */
export function compare(a, b) {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.size !== null && b.size !== null) return a.size - b.size;
  if (a.size !== null || b.size !== null) return a.size !== null ? -1 : 1;
  return collator.compare(a.name, b.name);
}

const number = (term) => (NUMBERS.has(term.datatype) && !Number.isNaN(Number(term.value)) ? Number(term.value) : null);
export const isNumber = (term) => number(term) !== null;
