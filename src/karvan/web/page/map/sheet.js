// One drawn map: links as wide as their flow, moving dots for its direction, hubs with names. Geometry is given once,
// then `draw` is told a view: numbers and those of the base, mode, layers, what is chosen, and whether to stand still.
import { echarts } from "nicegui-echart";
import { Dots } from "./dots.js";
import { middle, PLANE } from "./plane.js";
import { amount, colour, FAMILIES, INK, text, width } from "./scales.js";

const RULER = [[20, 30], [100, 50]];
const KEPT = { heart: 0.9, all: 1 };
const MOST_LINKS_MOVING = 2000, MOST_MOVING = 90, MOST_PLACES = 110, MOST_NAMES = 40, GAP = 14, STEP = 0.4;

export class Sheet {
  constructor(node, links, places, pick) {
    this.links = links; this.places = places;
    this.chart = echarts.init(node);
    this.chart.setOption(this.frame());
    this.dots = new Dots(node);
    this.chart.on("georoam", () => requestAnimationFrame(() => this.move()));
    this.chart.on("click", (e) => e.data?.id && pick({ kind: e.data.kind, id: e.data.id }));
  }

  frame() {
    return {
      animation: false, backgroundColor: INK.water,
      tooltip: { confine: true, borderWidth: 0, padding: [6, 10], textStyle: { color: INK.text, fontSize: 13 },
        formatter: (p) => p.data?.tip?.() ?? "" },
      geo: { map: "land", roam: true, projection: PLANE, silent: true, z: 2, zoom: 1, scaleLimit: { min: 1, max: 24 },
        itemStyle: { areaColor: INK.land, borderColor: INK.shore, borderWidth: 0.6 }, emphasis: { disabled: true } },
      series: [],
    };
  }

  draw(view) {
    this.view = view;
    this.chart.setOption({ series: [...this.lines(), this.trail(), this.hubs(), this.ways()] });
    this.chart.getZr().flush();
    this.move();
  }

  // Where it stands, and to stand where another does.
  get stand() { const { center, zoom } = this.chart.getOption().geo[0]; return { center, zoom }; }
  set stand(geo) { this.chart.setOption({ geo }); if (this.view) this.move(); }
  pan([right, down]) {
    const { center, zoom } = this.stand, step = STEP / zoom;
    this.stand = { center: [center[0] + right * step, center[1] + down * step], zoom };
  }
  zoom(by) { const { center, zoom } = this.stand; this.stand = { center, zoom: zoom * by }; }
  roamed(then) { this.chart.on("georoam", () => requestAnimationFrame(then)); }
  resize() { this.chart.resize(); if (this.view) this.move(); }
  dispose() { this.dots.dispose(); this.chart.dispose(); }

  // What colours a link: worth, use, or the change of its cargo beside the base.
  told(v, at) {
    if (this.view.mode === "worth") return v.at(-1) > 0 ? v.at(-1) : -1;
    if (this.view.mode === "full") return v.at(-2);
    const b = this.view.base.links[at];
    return v[0] + v[1] - b[0] - b[1];
  }

  lines() {
    return FAMILIES.map((family) => ({
      name: family, id: family, type: "lines", coordinateSystem: "geo", polyline: true, z: family === "ship" ? 1 : 3,
      lineStyle: { opacity: 0.9, cap: "round", join: "round", type: family === "pipeline" ? [2, 4] : "solid" },
      data: this.view.on[family] ? this.links.flatMap((l, i) => (l.family === family ? this.link(l, i) ?? [] : [])) : [],
    }));
  }

  link(item, at) {
    const { mode, widest } = this.view, v = this.view.numbers.links[at], change = mode === "change";
    const kt = change ? this.told(v, at) : v[0] + v[1], chosen = this.view.chosen === item.id;
    if (Math.abs(kt) < (change ? 1 : 0.05) && !chosen) return null;
    return { id: item.id, kind: "link", coords: item.coords, tip: () => this.linkTip(item, at),
      lineStyle: { width: width(kt, widest) + (chosen ? 4 : 0), color: chosen ? INK.way : colour(mode, this.told(v, at)) } };
  }

  linkTip(item, at) {
    const [out, back, full, worth] = this.view.numbers.links[at], b = this.view.base.links[at];
    const change = out + back - b[0] - b[1];
    const rows = [`<strong>${text(item.name)}</strong>`, `${text(item.mode)}: ${amount(out)} there, ${amount(back)} back`];
    if (full >= 0) rows.push(`fullest resource at ${full.toFixed(0)} %`);
    if (worth > 0) rows.push(`1 % more: ${worth.toFixed(2)} MUSD a year`);
    if (Math.abs(change) >= 1) rows.push(`${change > 0 ? "+" : "−"}${amount(Math.abs(change))} beside the base`);
    return rows.join("<br>");
  }

  hubs() {
    const carried = this.view.numbers.places.map((p) => p[0]);
    const order = carried.map((kt, i) => i).filter((i) => carried[i] > 1).sort((a, b) => carried[b] - carried[a])
      .filter((i, rank) => rank < MOST_PLACES || this.places[i].zone);
    return { id: "hubs", type: "scatter", coordinateSystem: "geo", z: 6, labelLayout: { hideOverlap: true },
      label: { formatter: "{b}", position: "right", distance: 5, color: INK.text, fontSize: 12, minMargin: GAP,
        padding: [3, 8, 3, 2], textBorderColor: "#ffffff", textBorderWidth: 2.5 },
      data: order.map((i, rank) => this.place(this.places[i], i, rank)) };
  }

  place(item, at, rank) {
    const [kt, full, worth] = this.view.numbers.places[at], { mode, widest } = this.view;
    const tip = () => `<strong>${text(item.name)}</strong><br>${amount(kt)} on its links`
      + (full >= 0 ? `<br>fullest resource at ${full.toFixed(0)} %` : "")
      + (worth > 0 ? `<br>1 % more: ${worth.toFixed(2)} MUSD a year` : "");
    const value = { worth: worth > 0 ? worth : -1, full, change: -1 }[mode], chosen = this.view.chosen === item.id;
    return { id: item.id, kind: "place", value: item.at, tip, name: item.name,
      symbol: item.zone ? "diamond" : "circle",
      symbolSize: (item.zone ? 7 : 4) + 6 * Math.sqrt(Math.min(1, kt / (4 * widest))) + (chosen ? 6 : 0),
      label: { show: rank < MOST_NAMES || chosen },
      itemStyle: { color: value < 0 ? "#fff" : colour(mode, value), borderColor: INK.way, borderWidth: chosen ? 3 : 1 } };
  }

  trail() {
    const { trail, on } = this.view;
    return { id: "trail", type: "lines", coordinateSystem: "geo", polyline: true, z: 4, silent: true,
      data: this.links.filter((l) => trail[l.id] && on[l.family]).map((l) => ({ coords: l.coords,
        lineStyle: { width: 1 + 3 * Math.sqrt(trail[l.id]), color: INK.way, opacity: 1, cap: "round" } })) };
  }

  ways() {
    return { id: "ways", type: "lines", coordinateSystem: "geo", polyline: true, z: 5,
      data: this.view.ways.map((w) => ({ coords: w.coords, tip: () => text(w.name),
        lineStyle: { width: w.first ? 5 : 2.5, color: w.first ? INK.way : "#5b7686", type: w.first ? "solid" : "dashed" } })) };
  }

  // Dots run with the larger direction of what carries most.
  move() {
    const { still, widest, on, numbers } = this.view;
    const flows = still || this.links.length > MOST_LINKS_MOVING ? [] : this.links
      .map((l, i) => ({ l, out: numbers.links[i][0], back: numbers.links[i][1] }))
      .filter((f) => on[f.l.family] && f.out + f.back > widest / 50)
      .sort((a, b) => b.out + b.back - a.out - a.back).slice(0, MOST_MOVING);
    const pixel = this.onto();
    this.dots.along(flows.map((f) => (f.out >= f.back ? f.l.coords : [...f.l.coords].reverse()).map(pixel)));
  }

  // From degrees to pixels as the sheet stands now.
  onto() {
    const [a, b] = RULER.map(PLANE.project), [p, q] = RULER.map((at) => this.chart.convertToPixel("geo", at));
    const scale = [0, 1].map((axis) => (q[axis] - p[axis]) / (b[axis] - a[axis]));
    return (at) => PLANE.project(at).map((value, axis) => p[axis] + (value - a[axis]) * scale[axis]);
  }

  // Frame the cargo of places that name a limit (heart), or every place with cargo (all).
  fit(which, numbers) {
    const weighs = (v) => (which === "all" ? Number(v[0] > 1) : v[1] >= 0 ? v[0] : 0);
    const spots = this.places.map((p, i) => [PLANE.project(p.at), weighs(numbers.places[i])]);
    const sides = [0, 1].map((axis) => middle(spots.map(([at, weight]) => [at[axis], weight]), KEPT[which]));
    if (!sides[0]) return;
    const apart = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
    const pixels = apart(RULER.map((at) => this.chart.convertToPixel("geo", at)));
    const scale = pixels / apart(RULER.map(PLANE.project)) / (this.stand.zoom || 1);
    const room = [this.chart.getWidth(), this.chart.getHeight()];
    const zoom = 0.82 * Math.min(...sides.map(([low, high], axis) => room[axis] / Math.max(1e-6, (high - low) * scale)));
    this.stand = { center: sides.map(([low, high]) => (low + high) / 2), zoom: Math.max(1, Math.min(12, zoom)) };
  }
}
