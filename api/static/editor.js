// The editor behind one small face: YASQE where it was fetched, a text area with line numbers where not.
import { h } from "/static/dom.js";

const MOST_HINTS = 40;
const MOST_CHECKED = 2000;
const WAIT = 300;
const KEYWORDS = "ASK AVG BIND BOUND COALESCE CONCAT CONSTRUCT CONTAINS COUNT DESCRIBE DISTINCT EXISTS FILTER FROM GRAPH GROUP_CONCAT HAVING LANG LCASE LIMIT MINUS NAMED OFFSET OPTIONAL ORDER PREFIX REGEX SAMPLE SELECT SEPARATOR STRSTARTS UNION VALUES WHERE".split(" ");

/** Whether the better editor is there. */
export const hasYasqe = () => Boolean(window.Yasqe);

/**
 * YASQE in place of the text area; `prefixes` are those that the service declares, `words` gives
 * what can be completed, once it is known.
 */
export function richEditor(area, run, prefixes, words) {
  const Yasqe = window.Yasqe.default ?? window.Yasqe.Yasqe ?? window.Yasqe;
  Yasqe.defineMode("sparql-here", (config) => {
    const mode = Yasqe.getMode(config, "sparql11");
    return { ...mode, startState: () => Object.assign(mode.startState(), { prefixes: { ...prefixes } }) };
  });
  const place = h("div", { class: "rich" });
  area.after(place);
  const cm = new Yasqe(place, {
    value: area.value,
    mode: "sparql-here",
    // Its own notes come with styles of their own, which the page's policy forbids.
    syntaxErrorCheck: false,
    autocompleters: [],
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "",
    screenReaderLabel: "Query",
    // Tab goes on to the next control, as everywhere else on the page.
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-S": false, "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-Space": () => suggest() },
  });
  area.hidden = true;
  cm.getInputField().setAttribute("aria-describedby", "hint fault");
  const onChange = [];
  cm.on("changes", (_, changes) => {
    area.value = cm.getValue();
    for (const each of onChange) each();
    const typed = changes.some((change) => change.origin === "+input" && change.text.join("").trim());
    clearTimeout(checking);
    checking = setTimeout(check, WAIT);
    if (typed && !cm.state.completionActive && word().text.length > 1) suggest();
  });

  /** The first line that cannot be right by the grammar, and why. */
  function doubt() {
    for (let line = 0; line < Math.min(cm.lineCount(), MOST_CHECKED); line++) {
      const { state } = cm.getTokenAt({ line, ch: cm.getLine(line).length }, true);
      if (state.OK) continue;
      const wanted = (state.possibleCurrent ?? []).slice(0, 8).join("  ");
      return { line: line + 1, note: state.errorMsg || (wanted ? `Not expected here. Expected: ${wanted}` : "Not expected here.") };
    }
    return null;
  }
  /** A sign beside that line, while somebody writes. */
  function check() {
    cm.clearGutter("gutterErrorBar");
    const found = doubt();
    if (found) cm.setGutterMarker(found.line - 1, "gutterErrorBar", h("span", { class: "doubt", title: found.note, role: "img", "aria-label": found.note }, "!"));
  }
  let checking = setTimeout(check, WAIT);

  function word() {
    const cursor = cm.getCursor();
    const before = cm.getLine(cursor.line).slice(0, cursor.ch);
    const isText = /comment|string(?!-)/.test(cm.getTokenAt(cursor).type ?? "");
    const text = isText ? "" : /(?:<[^\s<>]*|[?$]?[\p{L}\p{N}_:-]*)$/u.exec(before)[0];
    return { text, cursor, before: before.slice(0, before.length - text.length).trimEnd() };
  }
  async function suggest() {
    const known = await words();
    cm.showHint({
      hint: () => {
        const { text, cursor, before } = word();
        const list = hints(text, before, known, cm.getValue());
        return { list, from: { line: cursor.line, ch: cursor.ch - text.length }, to: cursor };
      },
      completeSingle: false,
      container: document.body,
      closeCharacters: /[\s()[\]{};,.]/,
      extraKeys: { Tab: (_, handle) => { handle.close(); return Yasqe.Pass; } },
    });
  }

  let marked = [];
  const clear = () => {
    for (const { line, widget } of marked) {
      cm.removeLineClass(line, "background", "wrong-line");
      widget.clear();
    }
    marked = [];
  };
  return {
    get value() { return cm.getValue(); },
    set value(text) { cm.setValue(text); },
    whenChanged: (each) => onChange.push(each),
    focus: () => cm.focus(),
    clear,
    doubt,
    mark(line, message) {
      clear();
      const at = Math.min(line, cm.lineCount()) - 1;
      const handle = cm.addLineClass(at, "background", "wrong-line");
      const widget = cm.addLineWidget(at, h("div", { class: "wrong-note" }, message), { above: false });
      marked = [{ line: handle, widget }];
      cm.scrollIntoView({ line: at, ch: 0 }, 60);
    },
    goTo(line, column) {
      cm.focus();
      cm.setCursor({ line: line - 1, ch: (column ?? 1) - 1 });
    },
    close() {
      clearTimeout(checking);
      clear();
      area.value = cm.getValue();
      area.hidden = false;
      cm.destroy?.();
      place.remove();
    },
  };
}

/** What can stand for the letters before the cursor, the most used first. */
function hints(text, before, known, query) {
  if (/^[?$]/.test(text)) {
    const names = new Set(query.match(/[?$][\p{L}\p{N}_]+/gu) ?? []);
    names.delete(text);
    return [...names].filter((name) => name.startsWith(text)).map((name) => ({ text: name }));
  }
  const wanted = text.replace(/^</, "").toLowerCase();
  const afterType = /(^|\s)(a|rdf:type)$/.test(before);
  const found = [];
  for (const item of known) {
    const fit = fitOf(item, wanted);
    if (fit < 0) continue;
    const group = item.kind === "class" ? (afterType ? 0 : 2) : afterType ? 3 : item.kind === "property" ? 1 : 2;
    found.push({ item, rank: [group === 0 ? -1 : fit, group, -item.n] });
  }
  found.sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2]);
  const list = found.slice(0, MOST_HINTS).map(({ item }) => ({
    text: item.text,
    render: (element) => element.append(h("span", {}, item.name), " ", h("small", {}, item.note)),
  }));
  if (wanted.length > 1 && !wanted.includes(":")) {
    list.push(...KEYWORDS.filter((word) => word.toLowerCase().startsWith(wanted) && word !== text).map((word) => ({ text: word })));
  }
  return list;
}

function fitOf(item, wanted) {
  if (!wanted) return item.kind === "concept" ? -1 : 1;
  if (item.text.toLowerCase() === wanted) return -1;
  if (item.keys.some((key) => key.startsWith(wanted))) return 0;
  return wanted.length > 2 && item.keys.some((key) => key.includes(wanted)) ? 1 : -1;
}

/** The text area itself, with line numbers beside it. */
export function plainEditor(area, run) {
  const gutter = h("div", { class: "gutter", "aria-hidden": "true" });
  area.before(gutter);
  area.parentElement.classList.add("with-gutter");
  area.wrap = "off";
  let wrong = 0;
  const draw = () => {
    const count = area.value.split("\n").length;
    if (gutter.childElementCount === count && !gutter.dataset.stale) return;
    delete gutter.dataset.stale;
    gutter.replaceChildren(...Array.from({ length: Math.min(count, 20_000) }, (_, i) =>
      h("div", { class: i + 1 === wrong ? "wrong-line" : null, "data-line": i + 1 }, String(i + 1))));
  };
  const follow = () => { gutter.scrollTop = area.scrollTop; };
  const onChange = [];
  const onInput = () => { draw(); follow(); for (const each of onChange) each(); };
  const onKey = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    }
  };
  area.addEventListener("input", onInput);
  area.addEventListener("scroll", follow);
  area.addEventListener("keydown", onKey);
  draw();
  const redraw = (line) => { wrong = line; gutter.dataset.stale = "yes"; draw(); };
  return {
    get value() { return area.value; },
    set value(text) { area.value = text; wrong = 0; gutter.dataset.stale = "yes"; onInput(); },
    whenChanged: (each) => onChange.push(each),
    focus: () => area.focus(),
    doubt: () => null,
    clear: () => wrong && redraw(0),
    mark(line) {
      redraw(line);
      const height = area.scrollHeight / area.value.split("\n").length;
      if (line * height > area.scrollTop + area.clientHeight || line * height < area.scrollTop) area.scrollTop = Math.max(0, (line - 3) * height);
      follow();
    },
    goTo(line, column) {
      const lines = area.value.split("\n").slice(0, line - 1);
      const at = lines.reduce((sum, each) => sum + each.length + 1, 0) + (column ?? 1) - 1;
      area.focus();
      area.setSelectionRange(at, at);
    },
    close() {
      area.removeEventListener("input", onInput);
      area.removeEventListener("scroll", follow);
      area.removeEventListener("keydown", onKey);
      area.parentElement.classList.remove("with-gutter");
      gutter.remove();
    },
  };
}
