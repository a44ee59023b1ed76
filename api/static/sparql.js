// The page at /sparql: a query is asked without leaving the page, and what it is stays in the address.
import { h, byId, ask, counted } from "/static/dom.js";
import { Table } from "/static/answer.js";
import { hasYasqe, plainEditor, richEditor } from "/static/editor.js";
import { fromJson, fromNTriples, fromTable, joined, setNames, short } from "/static/terms.js";

const ACCEPT = "application/sparql-results+json, application/n-triples";
const MOST_BYTES = 64 * 2 ** 20;
const DRAFT = "scipol-query";
const PLAIN = "scipol-plain-editor";
const SUFFIXES = { turtle: "ttl", ntriples: "nt", jsonld: "jsonld", rdfxml: "rdf", trig: "trig", nquads: "nq" };
const TITLES = { csv: "CSV", tsv: "TSV", json: "JSON", xml: "XML", turtle: "Turtle", ntriples: "N-Triples", jsonld: "JSON-LD", rdfxml: "RDF/XML", trig: "TriG", nquads: "N-Quads" };
const setting = JSON.parse(byId("ask").dataset.setting);
const labels = new Map();
const live = byId("live");
let editor;
let running = null;

setNames(setting);
document.body.classList.add("has-script");

/** An error with what the service says of the place. */
class Failure extends Error {
  constructor(message, place = {}, canRetry = false) {
    super(message);
    Object.assign(this, { line: place.line, column: place.column, canRetry });
  }
}

// ---- asking ---------------------------------------------------------------

async function run({ remember = true } = {}) {
  const query = editor.value;
  stop();
  clearFault();
  if (!query.trim()) {
    fail(new Failure("There is no query yet. Write one, or take one of the questions."));
    return editor.focus();
  }
  if (remember) note(query);
  const turn = (running = new AbortController());
  const begun = performance.now();
  const ticking = setInterval(() => say(`Running, ${((performance.now() - begun) / 1000).toFixed(0)} s …`), 1000);
  document.body.dataset.busy = "yes";
  byId("stop").hidden = false;
  say("Running …");
  try {
    const answer = await answerTo(query, turn.signal);
    if (turn === running) show(answer, query, (performance.now() - begun) / 1000);
  } catch (error) {
    if (turn !== running && !turn.signal.aborted) return;
    if (turn.signal.aborted) {
      if (turn === running || !running) say(`Stopped after ${seconds((performance.now() - begun) / 1000)}.`);
    } else fail(error);
  } finally {
    clearInterval(ticking);
    if (turn === running || !running) {
      running = null;
      delete document.body.dataset.busy;
      byId("stop").hidden = true;
    }
  }
}

/** Closing the connection ends the query on the server as well. */
function stop() {
  const turn = running;
  running = null;
  turn?.abort();
}

async function answerTo(query, signal) {
  let response;
  try {
    response = await fetch("/sparql", { method: "POST", headers: { Accept: ACCEPT, "Content-Type": "application/sparql-query" }, body: query, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Failure("The service does not answer. The query is kept; ask again when it does.", {}, true);
  }
  let text;
  try {
    text = await textOf(response, signal);
  } catch (error) {
    if (signal.aborted || error instanceof Failure) throw error;
    throw new Failure("The answer broke off. The query may have met a limit; ask for less, with LIMIT or FILTER.", {}, true);
  }
  if (!response.ok) throw failureOf(response.status, text);
  if (response.headers.get("content-type").startsWith("application/n-triples")) return { form: "graph", ...fromNTriples(text) };
  const answer = JSON.parse(text);
  return "boolean" in answer ? { form: "boolean", truth: answer.boolean } : { form: "bindings", ...fromJson(answer) };
}

async function textOf(response, signal) {
  const reader = response.body.getReader();
  const parts = [];
  let size = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    size += part.value.length;
    if (size > MOST_BYTES) {
      await reader.cancel();
      throw new Failure("The answer has more than 64 MB, too much for a page: take it as a file from the links below, or ask for less with LIMIT.");
    }
    if (signal.aborted) throw new DOMException("", "AbortError");
  }
  return new Blob(parts).text();
}

function failureOf(status, text) {
  let problem = {};
  try {
    problem = JSON.parse(text);
  } catch { /* no problem document: the status must do */ }
  return new Failure(problem.detail || `The service answered ${status}, and does not say why.`, problem, status >= 500);
}

// ---- what is wrong --------------------------------------------------------

function clearFault() {
  byId("fault").hidden = true;
  byId("fault").replaceChildren();
  editor.clear();
}

function fail(error) {
  say("");
  byId("answer").replaceChildren();
  const content = [h("p", { class: "error" }, error.message)];
  if (error.line) {
    // The service says where it gave up; the editor's grammar can know an earlier line.
    const found = editor.doubt();
    const isEarlier = found !== null && found.line < error.line;
    const { line, column = 1 } = isEarlier ? found : error;
    if (isEarlier) content.push(h("p", {}, `It is wrong from line ${line} on. ${found.note}`));
    const text = editor.value.split("\n")[line - 1] ?? "";
    const at = Math.max(column - 1, 0);
    const start = Math.max(at - 60, 0);
    content.push(h("p", { class: "wrong" },
      h("button", { type: "button", onclick: () => editor.goTo(line, column) }, `Line ${line}`),
      h("code", {}, text.slice(start, at), h("mark", {}, text.slice(at, at + 60) || " "))));
    editor.mark(line, isEarlier ? found.note : error.message);
  }
  if (error.canRetry) content.push(h("p", {}, h("button", { type: "button", id: "retry", onclick: () => run() }, "Ask again")));
  byId("fault").replaceChildren(...content);
  byId("fault").hidden = false;
  document.body.dataset.ready = "yes";
}

// ---- what is found --------------------------------------------------------

const seconds = (s) => `${s < 10 ? s.toFixed(2) : s.toFixed(1)} s`;
const say = (text) => { live.textContent = text; };

function show(given, query, took, cut = false) {
  const answer = given.form === "bindings" ? { ...given, ...joined(given, labels) } : given;
  const place = byId("answer");
  place.dataset.form = answer.form;
  if (answer.form === "boolean") {
    place.replaceChildren(
      h("p", { class: "truth" }, h("b", {}, answer.truth ? "Yes" : "No"), " ", h("small", {}, String(answer.truth)), " ", h("small", {}, seconds(took))),
      downloads(answer.form, query));
    say(`${answer.truth ? "Yes" : "No"}, after ${seconds(took)}`);
  } else {
    const one = answer.form === "graph" ? "triple" : "row";
    const found = counted(answer.rows.length, one);
    const head = h("div", { class: "head" },
      h("h2", {}, found, cut ? " shown of more" : null, " ", h("small", {}, seconds(took))),
      cut ? h("button", { type: "button", id: "all", onclick: () => run({ remember: false }) }, "Fetch all rows") : null,
      graphLink(answer), downloads(answer.form, query));
    const table = answer.rows.length ? new Table(answer, labels).element : h("p", { class: "nothing" }, nothing(answer.form));
    place.replaceChildren(head, table);
    say(`${found}${cut ? " shown of more" : ""} in ${seconds(took)}`);
  }
  document.body.dataset.ready = "yes";
}

const nothing = (form) =>
  form === "graph"
    ? "The query makes no triple: nothing in the graph matches its pattern, or the thing is not in it."
    : `Nothing in the graph matches. A name that is misspelt matches nothing either: compare those of the query with ${document.body.dataset.kind === "rich" ? "what the editor completes" : "the vocabulary under About"}.`;

/** A link that opens what an answer names in the explorer's graph. */
function graphLink({ rows }) {
  const isThing = (iri) => setting.graph.some((start) => iri.startsWith(start));
  const things = [...new Set(rows.flat().filter((term) => term.kind === "iri" && isThing(term.value)).map((term) => term.value))];
  if (!things.length) return null;
  const seeds = things.slice(0, setting.seeds).map((iri) => `seed=${encodeURIComponent(short(iri)).replaceAll("%2F", "/")}`);
  const which = things.length > seeds.length ? `the first ${seeds.length} of ${counted(things.length, "thing")}` : counted(things.length, "thing");
  return h("a", { id: "as-graph", class: "button", href: `/explore?${seeds.join("&")}` }, `Open ${which} as a graph`);
}

function downloads(form, query) {
  const link = linkTo(query);
  return h("p", { class: "formats" }, "Download ", setting.formats[form].map((name) => {
    const file = `scipol-answer.${SUFFIXES[name] ?? name}`;
    if (link) return h("a", { href: `${link}&format=${name}`, download: file, "data-format": name }, TITLES[name]);
    return h("button", { type: "button", class: "link", "data-format": name, onclick: () => take(query, name, file) }, TITLES[name]);
  }));
}

/** A query that is too long for a link is sent as a form, and its answer kept as a file. */
async function take(query, format, file) {
  try {
    const response = await fetch("/sparql", { method: "POST", body: new URLSearchParams({ query, format }) });
    if (!response.ok) throw failureOf(response.status, await response.text());
    const address = URL.createObjectURL(await response.blob());
    h("a", { href: address, download: file }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    fail(error instanceof Failure ? error : new Failure("The service does not answer.", {}, false));
  }
}

// ---- the address, the draft -----------------------------------------------

function linkTo(query) {
  const link = `/sparql?${new URLSearchParams({ query })}`;
  return link.length <= setting.longest ? link : null;
}

function note(query) {
  const link = linkTo(query) ?? "/sparql";
  if (link !== location.pathname + location.search) history.pushState({ query }, "", link);
  else history.replaceState({ query }, "", link);
}

function keep() {
  try {
    sessionStorage.setItem(DRAFT, editor.value);
  } catch { /* storage can be off or full: the text is still in the editor */ }
}

function stored(storage, key) {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

addEventListener("popstate", (event) => {
  const query = event.state?.query ?? new URLSearchParams(location.search).get("query");
  if (query === null || query === undefined) return;
  editor.value = query;
  run({ remember: false });
});

// ---- words to complete ----------------------------------------------------

let vocabulary;

/** What the graph holds, asked once; without an answer only variables and keywords complete. */
function words() {
  vocabulary ??= ask("/api/v1/vocab").then(wordsOf, () => {
    vocabulary = undefined;
    return [];
  });
  return vocabulary;
}

function wordsOf(found) {
  const item = (kind, iri, n) => {
    const name = short(iri);
    const text = name === iri || !/^[\w-]+:[\w-]+$/.test(name) ? `<${iri}>` : name;
    return { kind, text, name, n, note: `${kind}, ${n.toLocaleString("en")}`, keys: [name.toLowerCase(), name.split(":").pop().toLowerCase()] };
  };
  return [
    ...Object.entries(found.used_classes).map(([iri, n]) => item("class", iri, n)),
    ...Object.entries(found.used_properties).map(([iri, n]) => item("property", iri, n)),
    ...Object.keys(found.prefixes).map((prefix) => ({ kind: "prefix", text: `${prefix}:`, name: `${prefix}:`, n: 0, note: "prefix", keys: [prefix] })),
    ...Object.entries(found.schemes).flatMap(([scheme, concepts]) =>
      concepts.map(({ code, iri, label }) => ({ kind: "concept", text: `<${iri}>`, name: label, n: 0, note: scheme, keys: [label.toLowerCase(), code.toLowerCase(), iri.toLowerCase()] }))),
  ];
}

/** The query with the prefixes in front that it uses and does not declare. */
function declared(query) {
  const bare = query.replace(/<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*/g, " ");
  const used = new Set([...bare.matchAll(/(?<![\w?$:.-])([A-Za-z][\w-]*):/g)].map((match) => match[1]));
  for (const match of query.matchAll(/\bPREFIX\s+([\w-]*):/gi)) used.delete(match[1]);
  const head = [...used].filter((name) => setting.prefixes[name]).sort().map((name) => `PREFIX ${name}: <${setting.prefixes[name]}>\n`);
  return head.join("") + query;
}

// ---- the beginning --------------------------------------------------------

function choose(isPlain) {
  const text = editor?.value;
  editor?.close();
  const area = byId("query");
  const rich = !isPlain && byId("place").dataset.editor && hasYasqe();
  editor = rich ? richEditor(area, () => run(), setting.prefixes, words) : plainEditor(area, () => run());
  if (text !== undefined && editor.value !== text) editor.value = text;
  editor.whenChanged(() => {
    editor.clear();
    keep();
  });
  document.body.dataset.kind = rich ? "rich" : "plain";
  byId("plain")?.setAttribute("aria-pressed", String(!rich));
}

/** The rows that the server has written become the first table. */
function takeOver() {
  const { form } = byId("answer").dataset;
  const table = byId("answer").querySelector("table");
  const query = byId("query").value;
  if (form === "boolean") show({ form, truth: byId("answer").querySelector("b").textContent === "Yes" }, query, setting.seconds);
  else if (table) show({ form, ...fromTable(table, labels) }, query, setting.seconds, Boolean(byId("answer").dataset.cut));
  else if (form === "bindings" || form === "graph") show({ form, columns: [], rows: [] }, query, setting.seconds);
  else if (form === "error") markFault();
}

function markFault() {
  const line = Number(byId("fault").querySelector(".wrong span")?.textContent);
  if (line) fail(new Failure(byId("fault").querySelector(".error").textContent, { line, column: setting.column }));
}

choose(stored(localStorage, PLAIN) === "yes");
const draft = stored(sessionStorage, DRAFT);
if (draft?.trim() && !location.search && !byId("answer").dataset.form) editor.value = draft;
takeOver();

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
byId("stop").addEventListener("click", () => {
  stop();
  editor.focus();
});
byId("share").addEventListener("click", async () => {
  const link = linkTo(editor.value);
  if (!link) return say("This query is too long for a link; keep it as a file.");
  try {
    await navigator.clipboard.writeText(new URL(link, location.href).href);
    say("The link is copied.");
  } catch {
    history.replaceState({ query: editor.value }, "", link);
    say("The link is in the address of this page.");
  }
});
byId("declare").addEventListener("click", () => {
  const before = editor.value;
  editor.value = declared(before);
  say(editor.value === before ? "Nothing to declare." : "Declared.");
});
byId("plain")?.addEventListener("click", () => {
  const isPlain = byId("plain").getAttribute("aria-pressed") === "false";
  try {
    localStorage.setItem(PLAIN, isPlain ? "yes" : "no");
  } catch { /* it holds for this visit */ }
  choose(isPlain);
});
document.addEventListener("click", (event) => {
  const example = event.target.closest("a[data-example]");
  if (!example || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  editor.value = new URL(example.href).searchParams.get("query");
  run();
  byId("ask").scrollIntoView({ block: "nearest" });
});
document.body.dataset.loaded = "yes";
window.asking = { get query() { return editor.value; }, set query(text) { editor.value = text; }, run };
