// Draws a view on a canvas with vis-network: positions are given, nothing is simulated.
/* global vis */

const WIDE = 17;
// Letters on the screen, in pixels: as large as the scale gives, but neither too small to read nor too large.
const [LEAST, MOST] = [11, 18];
// Below this scale things are drawn larger than it gives, so that they can be told apart and be met.
const SMALL = 0.4;

/** A label as at most two short lines. */
function lines(label) {
  const out = [""];
  for (const word of label.split(/\s+/)) {
    const last = out.at(-1);
    if (!last || last.length + word.length + 1 <= WIDE) out[out.length - 1] = last ? `${last} ${word}` : word;
    else if (out.length < 2) out.push(word);
    else { out[1] = `${out[1].slice(0, WIDE - 1)}…`; break; }
  }
  return out.map((line) => (line.length > WIDE + 4 ? `${line.slice(0, WIDE + 3)}…` : line)).join("\n");
}

const short = (text) => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

export class Picture {
  constructor(container, looks, stances, on) {
    this.looks = looks;
    this.stances = stances;
    this.grown = 1;
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.network = new vis.Network(container, { nodes: this.nodes, edges: this.edges }, {
      physics: { enabled: false },
      layout: { improvedLayout: false },
      autoResize: true,
      nodes: { borderWidth: 1.5, borderWidthSelected: 4 },
      edges: { smooth: false, arrows: { to: { enabled: true, scaleFactor: 0.5 } }, selectionWidth: 2, scaling: { label: { drawThreshold: 8 } } },
      interaction: { hover: true, tooltipDelay: 200, hideEdgesOnDrag: true, multiselect: false, keyboard: false },
    });
    this.network.on("click", ({ nodes, edges }) => on.select(nodes[0] ?? edges[0] ?? null));
    this.network.on("doubleClick", ({ nodes }) => nodes.length && on.expand(nodes[0]));
    this.network.on("dragEnd", ({ nodes }) => {
      if (nodes.length) on.moved(nodes[0], this.network.getPosition(nodes[0]));
      else on.camera();
    });
    this.network.on("zoom", () => { this.grow(); on.camera(); });
    this.network.on("hoverNode", ({ node }) => { this.hovered = node; });
    this.network.on("blurNode", () => { this.hovered = null; });
    this.network.on("afterDrawing", (ctx) => this.label(ctx));
    this.theme();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.theme(); if (this.view) this.draw(this.view); });
  }

  theme() {
    const style = getComputedStyle(document.documentElement);
    const color = (name) => style.getPropertyValue(name).trim();
    this.colors = { ink: color("--ink"), ground: color("--ground"), line: color("--edge"), link: color("--link") };
  }

  /** Draw for paper, or for the screen again. */
  print(isPaper) {
    if (isPaper) this.colors = { ink: "#000000", ground: "#ffffff", line: "#7b8691", link: "#0b57a8" };
    else this.theme();
    if (this.view) this.draw(this.view);
  }

  /** Show a view; what was there stays where it is, and so does the camera. */
  draw(view) {
    const isFirst = !this.view;
    this.view = view;
    const few = view.edges.length <= 60;
    const nodes = view.nodes.map((node) => {
      if (node.modality) return this.statement(node);
      const [name, shape, color, isHollow] = this.looks[node.type] || this.looks.Other;
      const [background, border] = isHollow ? [this.colors.ground, color] : [color, this.colors.ground];
      return {
        id: node.id, x: node.x, y: node.y, size: node.size * this.grown, shape,
        title: `${short(node.label)}\n${name}, ${node.shown} of ${node.degree} relations shown`,
        borderWidth: isHollow ? 3 : 1.5,
        color: { background, border, highlight: { background, border: this.colors.link }, hover: { background, border: this.colors.link } },
      };
    });
    this.ranked = [...view.nodes].sort((a, b) => b.shown - a.shown || (a.id < b.id ? -1 : 1));
    const parallel = new Map();
    const edges = view.edges.map((edge) => {
      const pair = edge.s < edge.t ? `${edge.s} ${edge.t}` : `${edge.t} ${edge.s}`;
      const before = parallel.get(pair) || 0;
      parallel.set(pair, before + 1);
      const bend = edge.s < edge.t ? "curvedCW" : "curvedCCW";
      return {
        id: edge.id, from: edge.s, to: edge.t, width: Math.min(1 + 0.5 * (edge.n - 1), 4),
        label: few ? edge.label : undefined,
        title: `${edge.label}\n${edge.n} sentence${edge.n === 1 ? "" : "s"}, confidence ${edge.conf.toFixed(2)}`,
        smooth: before ? { enabled: true, type: bend, roundness: 0.22 * before } : false,
        color: { color: this.colors.line, highlight: this.colors.link, hover: this.colors.link },
        font: { size: 10, color: this.colors.ink, strokeWidth: 3, strokeColor: this.colors.ground, align: "middle" },
      };
    });
    this.exchange(this.nodes, nodes);
    this.exchange(this.edges, edges);
    if (isFirst) this.fit();
    this.network.redraw();
  }

  /** A statement as a node: a shape that no thing has. */
  statement(node) {
    const [, color, points] = this.stances[node.modality] || this.stances.other;
    const { colors } = this;
    const ctxRenderer = ({ ctx, x, y, state: { selected, hover } }) => {
      const size = node.size * this.grown;
      return {
        drawNode() {
          ctx.beginPath();
          points.forEach(([dx, dy], i) => (i ? ctx.lineTo(x + dx * size, y + dy * size) : ctx.moveTo(x + dx * size, y + dy * size)));
          ctx.closePath();
          ctx.fillStyle = color;
          ctx.fill();
          ctx.lineWidth = selected ? 4 : hover ? 2.5 : 1;
          ctx.strokeStyle = selected || hover ? colors.link : colors.ground;
          ctx.stroke();
        },
        nodeDimensions: { width: 2 * size, height: 2 * size },
      };
    };
    return { id: node.id, x: node.x, y: node.y, size: node.size * this.grown, shape: "custom", ctxRenderer, title: `${short(node.label)}\nStatement` };
  }

  /** Names under things, as many as have room at this scale: of what is chosen, then of the best connected. */
  label(ctx) {
    if (!this.view) return;
    const scale = this.network.getScale();
    const size = Math.min(Math.max(15 * scale, LEAST), MOST) / scale;
    const chosen = new Set([...this.network.getSelectedNodes(), this.hovered]);
    const places = this.network.getPositions();
    const taken = [];
    Object.assign(ctx, { font: `${size}px system-ui, sans-serif`, textAlign: "center", textBaseline: "top", lineJoin: "round", lineWidth: 4 / Math.max(scale, 1), strokeStyle: this.colors.ground, fillStyle: this.colors.ink });
    for (const node of [...this.ranked.filter((n) => chosen.has(n.id)), ...this.ranked.filter((n) => !chosen.has(n.id))]) {
      const text = (node.modality ? (this.stances[node.modality] || this.stances.other)[0] : lines(node.label)).split("\n");
      const { x, y } = places[node.id];
      const top = y + node.size * this.grown + 3;
      const half = Math.max(...text.map((line) => ctx.measureText(line).width)) / 2;
      const box = [x - half, top, x + half, top + 1.15 * size * text.length];
      if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      taken.push(box);
      text.forEach((line, i) => ctx.strokeText(line, x, top + 1.15 * size * i));
      text.forEach((line, i) => ctx.fillText(line, x, top + 1.15 * size * i));
    }
  }

  /** Draw things larger where the scale would leave little of them. */
  grow() {
    const grown = Math.max(1, SMALL / this.network.getScale());
    if (Math.abs(grown - this.grown) < 0.05 * this.grown) return;
    this.grown = grown;
    this.nodes.update(this.view.nodes.map((node) => ({ id: node.id, size: node.size * grown })));
  }

  exchange(set, items) {
    const ids = new Set(items.map((item) => item.id));
    set.remove(set.getIds().filter((id) => !ids.has(id)));
    set.update(items);
  }

  select(id) {
    if (id && this.nodes.get(id)) this.network.selectNodes([id]);
    else if (id && this.edges.get(id)) this.network.setSelection({ nodes: [], edges: [id] });
    else this.network.unselectAll();
  }

  /** All in the middle of the canvas, with room for names at its sides and below. */
  fit() {
    const points = Object.values(this.network.getPositions());
    if (!points.length) return;
    const { clientWidth, clientHeight } = this.network.body.container;
    const ends = (name) => [Math.min(...points.map((p) => p[name])), Math.max(...points.map((p) => p[name]))];
    const [[left, right], [top, bottom]] = [ends("x"), ends("y")];
    const scale = Math.min(Math.max(clientWidth - 96, 50) / (right - left), Math.max(clientHeight - 76, 50) / (bottom - top), 1.3);
    this.look([(left + right) / 2, (top + bottom) / 2 + 15 / scale, scale]);
  }
  zoom(factor) { this.network.moveTo({ scale: Math.min(Math.max(this.network.getScale() * factor, 0.05), 5) }); this.grow(); }
  camera() {
    const { x, y } = this.network.getViewPosition();
    return [x, y, this.network.getScale()].map((n) => Math.round(n * 1000) / 1000);
  }
  look([x, y, scale]) { this.network.moveTo({ position: { x, y }, scale }); this.grow(); }

  positions() { return this.network.getPositions(); }

  /** The point of the screen on which a thing or a line lies. */
  at(id) {
    const box = this.network.body.container.getBoundingClientRect();
    let point;
    if (this.nodes.get(id)) point = this.network.getPosition(id);
    else {
      const edge = this.network.body.edges[id];
      point = edge.edgeType.getPoint ? edge.edgeType.getPoint(0.5) : null;
    }
    const { x, y } = this.network.canvasToDOM(point);
    return { x: box.left + x, y: box.top + y };
  }
}
