// The panel beside the graph: a thing with its relations counted, or a line with its sentences.
import { h, ask, counted, kind, packOf, path, words } from "/static/dom.js";

/** What a confidence is worth in plain words, and the way to the table; nothing where it was not measured. */
const worth = (item) => (item.worth ? h("p", { class: "source", "data-testid": "worth" }, `${item.worth}. `, h("a", { href: "/quality#stated" }, "The table")) : null);

const slug = (id) => path(id.replace(/^document\//, ""));
export const place = (item) => `/documents/${slug(item.document.id)}?at=${item.start},${item.end}#here`;

/** A sentence with what it names marked, as the offsets say. */
export function sentence(item) {
  const parts = [];
  let at = 0;
  // Offsets count characters as Python does, not halves of them; marks of Markdown have no letter.
  const letters = [...item.sentence];
  for (const [start, end] of item.unseen) letters.fill("", start, end);
  for (const span of [...item.spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < at) continue;
    parts.push(letters.slice(at, span.start).join(""));
    parts.push(h("mark", { class: `name t-${span.type}`, title: `${span.label} (${kind(span.type)})`, "data-id": span.id }, letters.slice(span.start, span.end).join("")));
    at = span.end;
  }
  parts.push(letters.slice(at).join(""));
  return h("p", { "data-testid": "sentence" }, parts);
}

function failed(panel, error, retry) {
  panel.append(h("p", { class: "error", role: "alert" }, error.message, " ", h("button", { type: "button", onclick: retry }, "Try again")));
}

export function showEdge(panel, edge, labels) {
  panel.replaceChildren(
    h("h2", {}, `${labels.get(edge.s)} `, h("em", {}, edge.label), ` ${labels.get(edge.t)}`),
    h("p", { class: "hint" }, `${counted(edge.n, "sentence")} in ${counted(edge.docs.length, "document")} under these filters${edge.sources < edge.docs.length ? ` (${edge.sources} without copies)` : ""}, confidence ${edge.conf.toFixed(2)}${edge.sources > 1 ? " together" : ""}`),
    h("p", { class: "source" }, h("a", { href: packOf(`/api/v1/evidence?${new URLSearchParams({ edge: edge.id })}`) }, "Evidence pack")),
  );
  return showSentences(panel, { edge: edge.id }, () => showEdge(panel, edge, labels));
}

/** A statement that is drawn as a node: who says what to whom, and the sentence. */
export function showStatement(panel, view, id, actions) {
  const node = view.nodes.find((one) => one.id === id);
  const end = (name) => view.edges.filter((e) => e.p === name && (e.s === id || e.t === id)).map((e) => view.nodes.find((one) => one.id === (e.s === id ? e.t : e.s)));
  const list = (title, ends) => (ends.length ? [h("dt", {}, title), ...ends.map((one) => h("dd", {}, h("button", { type: "button", class: "link", onclick: () => actions.select(one.id) }, one.label)))] : []);
  panel.replaceChildren(
    h("h2", {}, "Statement"),
    h("p", { class: "hint" }, h("a", { href: `/id/${path(id)}` }, "its page")),
    h("dl", { "data-testid": "statement" }, list("Speaker", end("speaker")), h("dt", {}, "Stance"), h("dd", {}, words(node.modality)), list("Content", end("content")), list("Addressee", end("addressee"))),
    h("p", {}, h("button", { type: "button", "data-testid": "drop", onclick: () => actions.drop(id) }, "Take out")),
  );
  return showSentences(panel, { fact: id }, () => showStatement(panel, view, id, actions));
}

async function showSentences(panel, which, again) {
  const list = h("ol", { class: "evidence", "data-testid": "evidence" });
  panel.append(list);
  const seen = new Set();
  const more = async (cursor) => {
    let answer;
    try {
      answer = await ask(`/api/v1/evidence?${new URLSearchParams({ ...which, ...(cursor ? { cursor } : {}) })}`);
    } catch (error) {
      return list.isConnected ? failed(panel, error, again) : undefined;
    }
    if (!list.isConnected) return undefined;
    for (const item of answer.items) {
      // Several facts may rest on one sentence; it is read once.
      const key = `${item.document.id} ${item.start} ${item.end}`;
      if (seen.has(key)) continue;
      seen.add(key);
      list.append(h("li", {}, sentence(item),
        h("p", { class: "source" }, `${item.document.title}, `, h("time", {}, item.document.date || "undated")),
        h("p", { class: "source" }, `confidence ${item.confidence.toFixed(2)} · ${item.status}`, item.method ? [" · ", h("span", { title: item.method }, `found by the ${item.method.split(" ")[0]} extractor`)] : null),
        worth(item),
        h("p", {}, h("a", { href: place(item), "data-testid": "open" }, "Open in document"))));
    }
    if (answer.next) {
      const button = h("button", { type: "button", onclick: () => { button.remove(); more(answer.next); } }, "More sentences");
      panel.append(button);
    }
    return undefined;
  };
  await more(null);
}

export async function showThing(panel, id, actions) {
  panel.replaceChildren(h("p", { class: "hint" }, "…"));
  let about;
  try {
    about = await ask(`/api/v1/entities/${path(id)}`);
  } catch (error) {
    panel.replaceChildren();
    return failed(panel, error, () => showThing(panel, id, actions));
  }
  panel.replaceChildren(
    // The view may name it in another language than the interface does.
    h("h2", {}, actions.node(id)?.label ?? about.label),
    h("p", { class: "hint" }, `${kind(about.type)} · `, h("a", { href: `/id/${path(id)}` }, "its page"), " · ",
      h("a", { href: `/timeline?${new URLSearchParams({ about: about.label, about_id: id })}` }, "over time"), " · ",
      h("a", { href: `/paths?${new URLSearchParams({ from: about.label, from_id: id })}` }, "paths from here"), " · ",
      h("a", { href: packOf(`/id/${path(id)}`) }, "evidence pack")),
    about.alt.length ? h("p", { class: "source" }, `also ${about.alt.slice(0, 8).join(", ")}`) : "",
    h("p", {},
      h("button", { type: "button", "data-testid": "expand", onclick: () => actions.expand(id) }, "Add 25 strongest"), " ",
      h("button", { type: "button", onclick: () => actions.focus(id) }, "Centre"), " ",
      h("button", { type: "button", "data-testid": "drop", onclick: () => actions.drop(id) }, "Take out")),
    h("h3", {}, "Relations"),
    lessSure(actions.node(id), actions),
    h("ul", { class: "groups", "data-testid": "groups" }, about.groups.map((group) => groupItem(id, group, actions))),
    about.facts.length ? h("details", {}, h("summary", {}, counted(about.facts.length, "fact")), h("dl", {}, about.facts.slice(0, 100).flatMap((fact) => [h("dt", {}, words(fact.property)), h("dd", { lang: fact.language }, fact.value, fact.confidence == null ? "" : h("small", {}, ` confidence ${fact.confidence.toFixed(2)}`))]))) : "",
    h("details", {}, h("summary", {}, `Named in ${counted(about.documents.length, "document")}`),
      h("ul", {}, about.documents.map((one) => h("li", {}, h("a", { href: `/documents/${slug(one.id)}` }, one.title), " ", h("time", {}, one.date || ""))))),
  );
  return undefined;
}

/** What the confidence hides of the relations of a thing, and one click to see it. */
function lessSure(node, actions) {
  if (!node?.unsure) return "";
  const all = node.shown + node.unsure;
  const said = node.shown ? `${node.shown} of ${all} drawn; ${node.unsure} less sure: ` : all === 1 ? "The only one in this view is less sure: " : `All ${all} in this view are less sure: `;
  return h("p", { class: "note", "data-testid": "less-sure" }, said, h("button", { type: "button", class: "link", onclick: actions.showAll }, node.unsure === 1 ? "show it" : "show them"));
}

function groupItem(id, group, actions) {
  const name = `${group.direction === "in" ? "← " : ""}${words(group.relation)}${group.direction === "out" ? " →" : ""}`;
  const list = h("ul", { class: "neighbours", hidden: true });
  const open = async (event) => {
    list.hidden = !list.hidden;
    event.target.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.querySelector(".error") && list.childElementCount) return;
    list.replaceChildren();
    let cursor = null;
    do {
      const more = { relation: group.relation, direction: group.direction, limit: "500", ...(cursor ? { cursor } : {}) };
      let answer;
      try {
        answer = await ask(`/api/v1/entities/${path(id)}/neighbours?${new URLSearchParams(more)}`);
      } catch (error) {
        list.append(h("li", { class: "error", role: "alert" }, error.message, " ", h("button", { type: "button", onclick: () => { list.hidden = true; open({ target: button }); } }, "Try again")));
        return;
      }
      list.append(...answer.items.map((item) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => actions.add(item.thing) }, item.thing.label), " ", h("small", {}, `${kind(item.thing.type)}, ${item.facts}`))));
      cursor = answer.next;
    } while (cursor);
  };
  const button = h("button", { type: "button", class: "link", "aria-expanded": "false", onclick: () => open({ target: button }) }, `${name} `, h("b", {}, String(group.neighbours)));
  return h("li", { "data-relation": group.relation, "data-direction": group.direction },
    button, " ",
    h("button", { type: "button", class: "small", "aria-label": `Add ${Math.min(25, group.neighbours)} by ${name}`, onclick: () => actions.expand(id, group.relation, group.direction) }, `add ${Math.min(25, group.neighbours)}`),
    list);
}
