// The answer as a table: a page of rows at a time, sorted by any column, IRIs by their labels.
import { h, ask } from "/static/dom.js";
import { address, compare, isNumber, isOurs, short, sortKey } from "/static/terms.js";

const PAGE = 100;
const LONG = 400;
const LONG_WORD = /[^\s-]{25}/;
const BATCH = 500;
const MOST_LABELS = 10_000;

/** A table that shows rows; `labels` is a map from IRI to label, filled as rows come into view. */
export class Table {
  constructor({ columns, rows }, labels, onPage = () => {}) {
    Object.assign(this, { columns, rows, labels, onPage, page: 0, sorted: null, order: rows });
    this.body = h("tbody");
    this.heads = columns.map((name, i) =>
      h("th", { scope: "col", "aria-sort": "none", class: isFigures(rows, i) ? "number" : null }, h("button", { type: "button", onclick: () => this.sort(i) }, name)));
    this.place = h("span", { role: "status" });
    this.earlier = h("button", { type: "button", onclick: () => this.turn(-1) }, "Previous");
    this.later = h("button", { type: "button", onclick: () => this.turn(1) }, "Next");
    this.pages = h("div", { class: "pages", role: "group", "aria-label": "Pages" }, this.earlier, this.place, this.later);
    this.scroll = h("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Rows" },
      h("table", { "data-testid": "rows" }, h("thead", {}, h("tr", {}, this.heads)), this.body));
    this.element = h("div", { class: "rows" }, this.pages, this.scroll);
    this.draw();
  }

  name = (term) => (term.kind === "iri" ? (this.labels.get(term.value) ?? short(term.value)) : term.value);

  /** Sort by a column; again for the other way round, once more for the order of the answer. */
  async sort(column) {
    const now = this.sorted;
    const direction = now?.column !== column ? 1 : now.direction === 1 ? -1 : 0;
    this.sorted = direction ? { column, direction } : null;
    // Labels decide the order, so all of them are wanted.
    if (direction) await this.fetchLabels(this.rows.map((row) => row[column]));
    this.order = direction ? this.inOrder(column, direction) : this.rows;
    this.heads.forEach((head, i) =>
      head.setAttribute("aria-sort", i !== column || !direction ? "none" : direction > 0 ? "ascending" : "descending"));
    this.page = 0;
    this.draw();
  }

  /** The rows by a column; those that have nothing there come last, either way. */
  inOrder(column, direction) {
    const keyed = this.rows.map((row) => ({ row, key: sortKey(row[column], this.name) }));
    const [some, none] = [keyed.filter(({ row }) => row[column].kind), keyed.filter(({ row }) => !row[column].kind)];
    return [...some.sort((a, b) => direction * compare(a.key, b.key)), ...none].map(({ row }) => row);
  }

  turn(by) {
    this.page += by;
    this.draw();
    this.scroll.scrollTop = 0;
    this.scroll.scrollIntoView({ block: "nearest" });
  }

  draw() {
    const start = this.page * PAGE;
    const shown = this.order.slice(start, start + PAGE);
    this.body.replaceChildren(...shown.map((row) => h("tr", {}, row.map((term) => this.cell(term)))));
    this.pages.hidden = this.rows.length <= PAGE;
    this.earlier.disabled = start === 0;
    this.later.disabled = start + PAGE >= this.rows.length;
    this.place.textContent = `${(start + 1).toLocaleString("en")}–${(start + shown.length).toLocaleString("en")} of ${this.rows.length.toLocaleString("en")}`;
    this.fetchLabels(shown.flat()).then((found) => found && this.relabel());
    this.onPage();
  }

  cell(term) {
    const shown = this.name(term);
    const cell = h("td", { class: isNumber(term) ? "number" : LONG_WORD.test(shown) ? "long" : term.datatype ? "short" : null });
    if (term.kind === "iri") {
      const to = address(term.value);
      const name = h("bdi", {}, shown);
      cell.append(to ? h("a", { href: to, title: term.value, "data-iri": term.value }, name) : name);
    } else if (term.kind) cell.append(text(term));
    if (term.language || term.datatype) cell.append(" ", h("small", { class: "kind" }, term.language || term.datatype));
    return cell;
  }

  relabel() {
    for (const link of this.body.querySelectorAll("a[data-iri]")) {
      const label = this.labels.get(link.dataset.iri);
      if (label) link.firstChild.textContent = label;
    }
  }

  /** Ask what things are called; true where something new was learnt. Without an answer ids stay. */
  async fetchLabels(terms) {
    const wanted = [...new Set(terms.filter((t) => t.kind === "iri" && isOurs(t.value) && !this.labels.has(t.value)).map((t) => t.value))];
    for (let i = 0; i < Math.min(wanted.length, MOST_LABELS); i += BATCH) {
      const some = wanted.slice(i, i + BATCH);
      try {
        const found = await named(some);
        for (const iri of some) this.labels.set(iri, found.get(iri) ?? null);
      } catch {
        return i > 0;
      }
    }
    return wanted.length > 0;
  }
}

/** The labels of IRIs, in English where there is one. */
async function named(iris) {
  const values = iris.map((iri) => `<${iri}>`).join(" ");
  const query = `SELECT ?iri ?label { VALUES ?iri { ${values} } ?iri skos:prefLabel|dct:title|scip:quantityText ?label }`;
  const answer = await ask("/sparql", {
    method: "POST",
    headers: { Accept: "application/sparql-results+json", "Content-Type": "application/sparql-query" },
    body: query,
  });
  const found = new Map();
  for (const { iri, label } of answer.results.bindings) {
    if (!found.has(iri.value) || label["xml:lang"] === "en") found.set(iri.value, label.value);
  }
  return found;
}

/** Whether a column holds figures, by its first rows. */
const isFigures = (rows, column) => rows.length > 0 && rows.slice(0, PAGE).every((row) => !row[column].kind || isNumber(row[column]));

/** A literal; of a very long one the beginning, until somebody wants the rest. */
function text(term) {
  const content = h("bdi", { lang: term.language || null }, term.value);
  if (term.value.length <= LONG) return content;
  content.textContent = `${term.value.slice(0, LONG)}…`;
  const more = h("button", { type: "button", class: "link small", onclick: () => { content.textContent = term.value; more.remove(); } },
    `all ${term.value.length.toLocaleString("en")} characters`);
  return h("span", {}, content, " ", more);
}
