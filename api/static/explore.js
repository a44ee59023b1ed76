// The explorer: one state, from which graph, list, table, counts and link are drawn.
import { h, byId, counted, kind, packOf, post, words } from "/static/dom.js";
import { Picture } from "/static/picture.js";
import { showEdge, showStatement, showThing } from "/static/panel.js";

const parse = (id) => JSON.parse(byId(id).textContent);
const looks = parse("looks");
const stances = parse("stances");
const SIGNS = { dot: "●", square: "■", hexagon: "⬢", star: "★", diamond: "◆", triangle: "▲", triangleDown: "▼" };
const HOLLOW = { dot: "○", square: "□", hexagon: "⬡", star: "☆", diamond: "◇", triangle: "△", triangleDown: "▽" };
const WIDE_ENOUGH = 700;

let view = parse("view");
let selected = null;
let tab = "graph";
let active = 0;
const past = [];
const future = [];

const query = new URLSearchParams(location.search);
const say = (text) => { byId("live").textContent = text; };
const labelOf = (id) => view.nodes.find((node) => node.id === id)?.label ?? id;
const sign = (type) => { const [, shape, , isHollow] = looks[type] || looks.Other; return (isHollow ? HOLLOW : SIGNS)[shape]; };

const isStatement = (id) => view.nodes.some((node) => node.id === id && node.modality);

const picture = new Picture(byId("graph"), looks, stances, {
  select: (id) => select(id),
  expand: (id) => actions.expand(id),
  moved: (id, { x, y }) => change({ moved: { ...view.spec.moved, [id]: [Math.round(x * 10) / 10, Math.round(y * 10) / 10] } }, `${labelOf(id)} moved.`),
  camera: () => remember(),
});

const actions = {
  node: (id) => view.nodes.find((one) => one.id === id),
  async expand(id, relation = null, direction = null) {
    if (isStatement(id)) return say("A statement has no more than its speaker, content and addressee.");
    const step = { add: [], expand: id, relation, direction, types: view.spec.filters.types, count: 25 };
    if (await change({ steps: [...view.spec.steps, step] }, null, id)) {
      const { added, left } = view.grown.at(-1);
      say(left ? `${added} of ${added + left} added to ${labelOf(id)}; expand again for the next.` : `${added} added to ${labelOf(id)}; there are no more.`);
    }
    return undefined;
  },
  add: (thing) => change({ steps: [...view.spec.steps, { add: [thing.id] }], drop: view.spec.drop.filter((id) => id !== thing.id) }, `${thing.label} added.`, thing.id),
  showAll: () => change({ filters: { ...view.spec.filters, confidence: 0 } }, "All are shown, however unsure."),
  drop: (id) => change({ drop: [...view.spec.drop, id] }, `${labelOf(id)} taken out.`, null),
  focus: (id) => { const node = view.nodes.find((one) => one.id === id); if (node) { picture.look([node.x, node.y, 1.1]); remember(); } },
};

// State and history ---------------------------------------------------------------------------

const memento = () => ({ spec: view.spec, selected, tab, camera: picture.camera() });

function link() {
  const [path, text = ""] = view.link.split("?");
  const more = new URLSearchParams();
  if (selected) more.set("select", selected);
  if (tab !== "graph") more.set("tab", tab);
  if (!byId("graph").hidden) more.set("at", picture.camera().join(","));
  const all = [text, more.toString().replaceAll("%2F", "/").replaceAll("%7C", "|").replaceAll("%2C", ",")].filter(Boolean).join("&");
  return all ? `${path}?${all}` : path;
}

const remember = () => history.replaceState(memento(), "", link());
const push = () => history.pushState(memento(), "", link());

/** Say what went wrong, and let people try again. */
function complain(message, again) {
  const retry = h("button", { type: "button", onclick: () => { byId("problem").hidden = true; again(); } }, "Try again");
  byId("problem").replaceChildren(`${message} `, retry);
  byId("problem").hidden = false;
}

async function fetchView(spec) {
  document.body.dataset.busy = "yes";
  byId("problem").hidden = true;
  try {
    return await post("/api/v1/view", spec);
  } catch (error) {
    complain(error.message, () => change(spec));
    return null;
  } finally {
    delete document.body.dataset.busy;
  }
}

/** Ask for a changed view; it becomes the state, and the one before can be had back. */
async function change(patch, announcement = null, newSelected = selected) {
  const before = memento();
  const answer = await fetchView({ ...view.spec, ...patch });
  if (!answer) return false;
  past.push(before);
  future.length = 0;
  view = answer;
  selected = newSelected;
  draw();
  push();
  if (announcement) say(announcement);
  return true;
}

async function restore(to) {
  const answer = JSON.stringify(to.spec) === JSON.stringify(view.spec) ? view : await fetchView(to.spec);
  if (!answer) return false;
  view = answer;
  selected = to.selected;
  tab = to.tab;
  draw();
  if (to.camera) picture.look(to.camera);
  return true;
}

async function step(from, to, word) {
  if (!from.length) return;
  const now = memento();
  if (await restore(from.at(-1))) {
    from.pop();
    to.push(now);
    buttons();
    push();
    say(word);
  }
}
const undo = () => step(past, future, "Undone.");
const redo = () => step(future, past, "Done again.");

function select(id) {
  selected = id;
  picture.select(id);
  const index = view.nodes.findIndex((node) => node.id === id);
  if (index >= 0) active = index;
  things();
  panel();
  push();
  const edge = view.edges.find((one) => one.id === id);
  if (edge) say(`Selected: ${labelOf(edge.s)} ${edge.label} ${labelOf(edge.t)}, ${counted(edge.n, "sentence")}.`);
  else if (id) say(`Selected: ${labelOf(id)}.`);
}

// Drawing -------------------------------------------------------------------------------------

function draw() {
  const hasNodes = view.nodes.length > 0;
  byId("graph").hidden = !hasNodes;
  byId("empty").hidden = view.counts.all_nodes > 0;
  byId("narrow").hidden = !view.counts.all_nodes;
  byId("things").parentElement.hidden = !hasNodes;
  byId("missing").hidden = !view.missing.length;
  byId("missing").textContent = `Not in this graph: ${view.missing.join(", ")}`;
  const known = new Set([...view.nodes.map((node) => node.id), ...view.edges.map((edge) => edge.id)]);
  if (selected && !known.has(selected)) selected = null;
  picture.draw(view);
  picture.select(selected);
  active = Math.min(active, Math.max(view.nodes.length - 1, 0));
  counts();
  unsure();
  filters();
  things();
  rows();
  legend();
  tabs();
  panel();
  buttons();
  document.querySelectorAll("[data-export]").forEach((a) => { a.href = `/explore/export/${a.dataset.export}?${view.query}`; });
  byId("pack").href = packOf(`/explore?${view.query}`);
}

const CAUSES = { type: "by type", relation: "by relation", document: "by document", time: "by year", confidence: "less sure", support: "with fewer sentences" };
/** What hides how many, in words. */
const why = (hidden) => {
  const causes = Object.entries(hidden).map(([cause, n]) => `${n} ${CAUSES[cause]}`);
  return causes.length ? `, hidden ${causes.join(", ")}` : "";
};

function counts() {
  const c = view.counts;
  byId("counts").hidden = !c.all_nodes;
  const hidden = c.all_nodes - c.nodes;
  const lines = c.all_edges - c.edges;
  const parts = [`${c.nodes} of ${c.all_nodes} things shown${why(c.hidden)}; ${c.edges} of ${c.all_edges} relations${why(c.hidden_edges)}`];
  if (c.statements) parts.push(`; ${counted(c.statements, "statement")} as nodes`);
  if (c.cut) parts.push(`; ${c.cut} more found no room`);
  byId("counts").replaceChildren(...parts);
  if (hidden || lines) byId("counts").append(" – ", h("button", { type: "button", class: "link", "data-testid": "clear", onclick: clear }, "clear"));
}

/** What the confidence hides, as the service says it, and the way to see the rest. */
function unsure() {
  byId("public").hidden = !view.unsure;
  byId("public").className = view.unsure?.is_most ? "note much" : "hint";
  byId("unsure").textContent = view.unsure?.said ?? "";
  byId("why").textContent = view.unsure?.why ?? "";
  byId("show-all").textContent = view.unsure?.offer ?? "";
  const everything = new URLSearchParams(view.query);
  everything.set("confidence", "0");
  byId("show-all").href = `/explore?${everything}`;
}

function boxes(id, name, entries, chosen, checkedWhenNone) {
  byId(id).replaceChildren(...entries.map(([value, label, n]) =>
    h("label", {}, h("input", { type: "checkbox", name, value, checked: chosen.length ? chosen.includes(value) : checkedWhenNone }), " ", label, " ", h("small", {}, String(n)))));
}

function filters() {
  const form = byId("filters");
  const f = view.spec.filters;
  const withChosen = (counted, chosen) => Object.entries({ ...Object.fromEntries(chosen.map((c) => [c, 0])), ...counted });
  boxes("types", "type", withChosen(view.facets.types, f.types).map(([t, n]) => [t, `${sign(t)} ${kind(t)}`, n]), f.types, true);
  boxes("relations", "relation", withChosen(view.facets.relations, f.relations).map(([r, n]) => [r, words(r), n]), f.relations, true);
  boxes("documents", "document", view.facets.documents.map((d) => [d.id, d.title, d.n]), f.documents, false);
  byId("language").value = view.spec.language;
  byId("statements").checked = view.spec.statements === "nodes";
  form.elements.from.value = f.from ?? "";
  form.elements.to.value = f.to ?? "";
  byId("undated").checked = f.undated;
  byId("undated-count").textContent = view.counts.undated;
  form.elements.confidence.value = f.confidence || "";
  form.elements.support.value = f.support > 1 ? f.support : "";
  const years = Object.entries(view.facets.years);
  const most = Math.max(1, ...years.map(([, n]) => n));
  byId("years").replaceChildren(...years.map(([year, n]) => h("progress", { max: most, value: n, title: `${year}: ${n}` })));
}

function readFilters() {
  const form = byId("filters");
  const ticked = (name) => [...form.querySelectorAll(`input[name=${name}]`)];
  const some = (name) => { const all = ticked(name); const on = all.filter((b) => b.checked); return on.length === all.length ? [] : on.map((b) => b.value); };
  const number = (name) => (form.elements[name].value === "" ? null : Number(form.elements[name].value));
  return {
    types: some("type"), relations: some("relation"),
    documents: ticked("document").filter((b) => b.checked).map((b) => b.value),
    from: number("from"), to: number("to"), undated: byId("undated").checked,
    confidence: number("confidence") ?? 0, support: number("support") ?? 1,
  };
}

const NO_FILTERS = { types: [], relations: [], documents: [], from: null, to: null, undated: true, confidence: 0, support: 1 };
const clear = () => change({ filters: NO_FILTERS }, "All filters are cleared.");

function things() {
  const list = byId("things");
  list.replaceChildren(...view.nodes.map((node, i) =>
    h("li", { role: "option", id: `thing-${i}`, "data-id": node.id, "aria-selected": String(node.id === selected), class: i === active ? "active" : null, onclick: () => select(node.id) },
      h("span", { class: `sign t-${node.type}`, "aria-hidden": "true" }, node.modality ? glyph(node.modality) : sign(node.type)), " ", node.label, " ", h("small", {}, node.modality ? "Statement" : `${kind(node.type)}, ${node.shown} of ${node.degree} relations`))));
  if (view.nodes.length) list.setAttribute("aria-activedescendant", `thing-${active}`);
  else list.removeAttribute("aria-activedescendant");
}

function rows() {
  const labels = new Map(view.nodes.map((node) => [node.id, node.label]));
  byId("rows").replaceChildren(...view.edges.map((edge) =>
    h("tr", { "data-edge": edge.id },
      h("td", {}, labels.get(edge.s)),
      h("td", {}, h("button", { type: "button", class: "link", onclick: () => select(edge.id) }, edge.label)),
      h("td", {}, labels.get(edge.t)), h("td", {}, String(edge.n)), h("td", {}, edge.conf.toFixed(2)),
      h("td", {}, edge.first ? `${edge.first}${edge.last !== edge.first ? `–${edge.last}` : ""}` : "undated"))));
}

/** The shape of a statement as a small picture. */
function glyph(modality) {
  const [, color, points] = stances[modality] || stances.other;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, value] of Object.entries({ viewBox: "-1.1 -1.1 2.2 2.2", width: 13, height: 13, "aria-hidden": "true" })) svg.setAttribute(name, value);
  const shape = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
  shape.setAttribute("points", points.join(" "));
  shape.setAttribute("fill", color);
  svg.append(shape);
  return svg;
}

function legend() {
  const stated = [...new Set(view.nodes.map((node) => node.modality).filter(Boolean))].sort();
  byId("legend").replaceChildren(
    ...Object.keys(view.facets.types).map((type) => h("span", {}, h("span", { class: `sign t-${type}` }, sign(type)), ` ${kind(type)} `)),
    ...stated.map((modality) => h("span", {}, glyph(modality), ` ${words(modality)} `)),
  );
}

function tabs() {
  for (const name of ["graph", "table"]) {
    const on = tab === name;
    byId(`tab-${name}`).setAttribute("aria-selected", String(on));
    byId(`tab-${name}`).tabIndex = on ? 0 : -1;
    byId(`${name}-pane`).hidden = !on;
  }
}

function panel() {
  const edge = view.edges.find((one) => one.id === selected);
  const statement = edge ? [edge.s, edge.t].find(isStatement) : isStatement(selected) ? selected : null;
  if (statement) return showStatement(byId("panel"), view, statement, { ...actions, select });
  if (edge) return showEdge(byId("panel"), edge, new Map(view.nodes.map((node) => [node.id, node.label])));
  if (selected) return showThing(byId("panel"), selected, actions);
  return byId("panel").replaceChildren(h("p", { class: "hint" }, "Select a thing to see its facts and relations, a line to see its sentences."));
}

function buttons() {
  byId("undo").disabled = !past.length;
  byId("redo").disabled = !future.length;
}

// What people do ------------------------------------------------------------------------------

byId("undo").addEventListener("click", undo);
byId("redo").addEventListener("click", redo);
byId("fit").addEventListener("click", () => { picture.fit(); remember(); });
byId("closer").addEventListener("click", () => { picture.zoom(1.3); remember(); });
byId("further").addEventListener("click", () => { picture.zoom(1 / 1.3); remember(); });
byId("share").addEventListener("click", async () => {
  remember();
  try { await navigator.clipboard.writeText(location.href); say("The link is copied."); } catch { prompt("The link to this view", location.href); }
});
byId("clear").addEventListener("click", clear);
byId("show-all").addEventListener("click", (event) => {
  event.preventDefault();
  actions.showAll();
});
byId("filters").addEventListener("submit", (event) => { event.preventDefault(); change({ filters: readFilters() }, "Filtered."); });
byId("filters").addEventListener("change", async ({ target }) => {
  const patch = { statements: () => ({ statements: target.checked ? "nodes" : "lines" }), language: () => ({ language: target.value }) }[target.id];
  if (await change(patch ? patch() : { filters: readFilters() })) say(byId("counts").textContent);
});
document.addEventListener("thing", (event) => actions.add(event.detail));

for (const name of ["graph", "table"]) {
  byId(`tab-${name}`).addEventListener("click", () => { tab = name; tabs(); push(); if (name === "graph") picture.network.redraw(); });
  byId(`tab-${name}`).addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = byId(name === "graph" ? "tab-table" : "tab-graph");
    other.focus();
    other.click();
  });
}

byId("things").addEventListener("keydown", (event) => {
  const node = view.nodes[active];
  if (!node) return;
  const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -view.nodes.length, End: view.nodes.length };
  if (event.key in moves) {
    active = Math.min(Math.max(active + moves[event.key], 0), view.nodes.length - 1);
    things();
    byId(`thing-${active}`).scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" || event.key === " ") select(node.id);
  else if (event.key === "e" || event.key === "E") actions.expand(node.id);
  else if (event.key === "Delete") actions.drop(node.id);
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || /^(input|textarea|select)$/i.test(event.target.tagName)) return;
  if (event.key === "z" && !event.shiftKey) { event.preventDefault(); undo(); }
  else if (event.key === "y" || (event.key === "z" && event.shiftKey) || event.key === "Z") { event.preventDefault(); redo(); }
});

/** The whole view on a canvas of twice the size of the one on the screen. */
async function png() {
  const image = new Image();
  image.src = `/explore/export/svg?show=yes&${view.query}`;
  try {
    await image.decode();
  } catch {
    return complain("The picture could not be made.", png);
  }
  const { clientWidth, clientHeight } = byId("graph");
  const canvas = h("canvas");
  canvas.width = 2 * (clientWidth || image.naturalWidth);
  canvas.height = 2 * (clientHeight || image.naturalHeight);
  const scale = Math.min(canvas.width / image.naturalWidth, canvas.height / image.naturalHeight);
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
  canvas.toBlob((blob) => {
    const a = h("a", { href: URL.createObjectURL(blob), download: `scipol-${view.view}.png` });
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
  });
  return say("The picture is taken away as PNG.");
}
byId("png").addEventListener("click", png);
document.querySelectorAll("[data-export], #pack").forEach((a) => a.addEventListener("click", () => say(`Taken away: ${a.textContent}.`)));

// What is printed is black on white, whatever the screen shows.
addEventListener("beforeprint", () => picture.print(true));
addEventListener("afterprint", () => picture.print(false));

addEventListener("popstate", (event) => (event.state ? restore(event.state) : location.reload()));

// Beginning -----------------------------------------------------------------------------------

document.body.classList.add("has-script");
const kept = history.state;
selected = query.get("select");
tab = query.get("tab") === "table" ? "table" : "graph";
if (byId("graph").clientWidth < WIDE_ENOUGH && view.nodes.length > 150 && !query.has("tab")) tab = "table";
draw();
const camera = (query.get("at") || "").split(",").map(Number);
if (camera.length === 3 && camera.every(Number.isFinite) && camera[2] > 0) picture.look(camera);
if (!kept) remember();

const plain = (value) => JSON.parse(JSON.stringify(value));
window.explorer = {
  view: () => plain({ spec: view.spec, nodes: view.nodes.map((n) => ({ id: n.id, ...picture.positions()[n.id] })), edges: view.edges.map((e) => e.id), counts: view.counts, selected, tab }),
  camera: () => picture.camera(),
  at: (id) => picture.at(id),
  select, undo, redo,
};
document.body.dataset.ready = "yes";
