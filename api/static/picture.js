// Draws a view on a canvas with vis-network: positions are given, nothing is simulated.
/* global vis */

const WIDE = 17;

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
    this.nodes = new vis.DataSet();
    this.edges = new vis.DataSet();
    this.network = new vis.Network(container, { nodes: this.nodes, edges: this.edges }, {
      physics: { enabled: false },
      layout: { improvedLayout: false },
      autoResize: true,
      nodes: { borderWidth: 1.5, borderWidthSelected: 4 },
      edges: { smooth: false, arrows: { to: { enabled: true, scaleFactor: 0.5 } }, selectionWidth: 2 },
      interaction: { hover: true, tooltipDelay: 200, hideEdgesOnDrag: true, multiselect: false, keyboard: false },
    });
    this.network.on("click", ({ nodes, edges }) => on.select(nodes[0] ?? edges[0] ?? null));
    this.network.on("doubleClick", ({ nodes }) => nodes.length && on.expand(nodes[0]));
    this.network.on("dragEnd", ({ nodes }) => {
      if (nodes.length) on.moved(nodes[0], this.network.getPosition(nodes[0]));
      else on.camera();
    });
    this.network.on("zoom", () => on.camera());
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
        id: node.id, x: node.x, y: node.y, size: node.size, shape,
        label: node.labelled ? lines(node.label) : " ",
        title: `${short(node.label)}\n${name}, ${node.shown} of ${node.degree} relations shown`,
        borderWidth: isHollow ? 3 : 1.5,
        color: { background, border, highlight: { background, border: this.colors.link }, hover: { background, border: this.colors.link } },
        font: { color: this.colors.ink, size: 15, strokeWidth: 4, strokeColor: this.colors.ground },
      };
    });
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

  /** A statement as a node: a shape that no thing has, and the stance as its label. */
  statement(node) {
    const [name, color, points] = this.stances[node.modality] || this.stances.other;
    const { colors } = this;
    const ctxRenderer = ({ ctx, x, y, state: { selected, hover } }) => ({
      drawNode() {
        ctx.beginPath();
        points.forEach(([dx, dy], i) => (i ? ctx.lineTo(x + dx * node.size, y + dy * node.size) : ctx.moveTo(x + dx * node.size, y + dy * node.size)));
        ctx.closePath();
        ctx.fillStyle = color;
        ctx.fill();
        ctx.lineWidth = selected ? 4 : hover ? 2.5 : 1;
        ctx.strokeStyle = selected || hover ? colors.link : colors.ground;
        ctx.stroke();
      },
      drawExternalLabel() {
        if (!node.labelled && !selected && !hover) return;
        ctx.font = "12px system-ui, sans-serif";
        ctx.textAlign = "center";
        ctx.textBaseline = "top";
        ctx.lineWidth = 4;
        ctx.strokeStyle = colors.ground;
        ctx.strokeText(name, x, y + node.size + 3);
        ctx.fillStyle = colors.ink;
        ctx.fillText(name, x, y + node.size + 3);
      },
      nodeDimensions: { width: 2 * node.size, height: 2 * node.size },
    });
    return { id: node.id, x: node.x, y: node.y, size: node.size, shape: "custom", ctxRenderer, title: `${short(node.label)}\nStatement` };
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

  fit() { this.network.fit({ animation: false, maxZoomLevel: 1.3 }); }
  zoom(factor) { this.network.moveTo({ scale: Math.min(Math.max(this.network.getScale() * factor, 0.05), 5) }); }
  camera() {
    const { x, y } = this.network.getViewPosition();
    return [x, y, this.network.getScale()].map((n) => Math.round(n * 1000) / 1000);
  }
  look([x, y, scale]) { this.network.moveTo({ position: { x, y }, scale }); }

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
