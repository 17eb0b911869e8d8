// The map: land, links as wide as their flow, moving dots for its direction, hubs with names. ECharts comes from the
// NiceGUI wheel through its import map. Geometry is given once; afterwards only numbers arrive.
import { echarts } from "nicegui-echart";

const RAD = Math.PI / 180;
const FAMILIES = ["ship", "pipeline", "road", "rail"];
const INK = { none: "#9fb0b8", way: "#1b3a4b", land: "#f4f1ea", shore: "#d8d1c3", water: "#dfe9ee" };
const SCALES = {
  full: [[-1, INK.none, "no limit named"], [0, "#7fb7be", "below 50 %"], [50, "#3d8d9b", "50–80 %"],
    [80, "#dd9f3b", "80–95 %"], [94.9, "#c2311f", "binding"]],
  worth: [[-1, INK.none, "nothing"], [0.005, "#b9a7d6", "below 0.1"], [0.1, "#8d6fc0", "0.1–1"], [1, "#5f3da0", "1–5"],
    [5, "#341a6e", "over 5"]],
  change: [[-1e9, "#b5541c", "less cargo"], [0, "#2b6ca3", "more cargo"]],
};
const TITLES = { full: "Colour: use of the fullest resource", worth: "Colour: worth of 1 % more, MUSD a year",
  change: "Colour and width: change beside the base" };
const lands = {};
const RULER = [[20, 40], [100, 40]];
const KEPT = { heart: 0.9, all: 1 };

// The values between which the middle share of the weight lies; null where nothing weighs.
function middle(weighed, share) {
  const sorted = weighed.filter((p) => p[1] > 0).sort((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, p) => sum + p[1], 0), found = [null, null];
  let run = 0;
  for (const [value, weight] of sorted) {
    if (found[0] === null && run + weight >= (total * (1 - share)) / 2) found[0] = value;
    if (run < (total * (1 + share)) / 2) found[1] = value;
    run += weight;
  }
  return sorted.length ? found : null;
}

// Lambert's conformal conic, spherical (Snyder 1987), y downwards.
function conic(south, north, middle) {
  const t = (lat) => Math.tan(Math.PI / 4 + (lat * RAD) / 2);
  const n = Math.log(Math.cos(south * RAD) / Math.cos(north * RAD)) / Math.log(t(north) / t(south));
  const f = (Math.cos(south * RAD) * t(south) ** n) / n;
  const flat = (lat) => Math.max(-40, Math.min(84, lat));
  return {
    project: ([lon, lat]) => {
      const rho = f / t(flat(lat)) ** n, angle = n * (lon - middle) * RAD;
      return [rho * Math.sin(angle), rho * Math.cos(angle)];
    },
    unproject: ([x, y]) => {
      const rho = Math.hypot(x, y);
      return [middle + Math.atan2(x, y) / n / RAD, (2 * Math.atan((f / rho) ** (1 / n)) - Math.PI / 2) / RAD];
    },
  };
}

const PLANE = conic(22, 56, 62);
const amount = (kt) => (kt >= 1000 ? `${(kt / 1000).toFixed(kt >= 1e4 ? 0 : 1)} Mt` : `${Math.round(kt)} kt`);
const text = (value) => String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

export default {
  template: `
    <div class="map">
      <div class="map-sheet" ref="sheet" role="img" :aria-label="label"></div>
      <div class="map-tools" role="group" aria-label="Map">
        <button type="button" @click="zoom(1.4)" aria-label="Closer">+</button>
        <button type="button" @click="zoom(1 / 1.4)" aria-label="Further">−</button>
        <button type="button" @click="home()" aria-label="Where the corridor's limits are">⌂</button>
        <button type="button" @click="fit('all')" aria-label="All places with cargo">⤢</button>
      </div>
      <div class="map-modes" role="group" aria-label="What colour shows">
        <button v-for="m in ['full', 'worth', 'change']" :key="m" type="button" :aria-pressed="mode === m"
          @click="show(m)">{{ { full: "Use", worth: "Worth", change: "Change" }[m] }}</button>
      </div>
      <div class="map-key">
        <strong>{{ title }}</strong>
        <span v-for="s in scale" :key="s[2]"><i :style="{ background: s[1] }"></i>{{ s[2] }}</span>
        <strong>Width: cargo both ways</strong>
        <span><i :style="{ height: width(widest / 10) + 'px' }" class="w"></i>{{ told(widest / 10) }}
          <i :style="{ height: width(widest) + 'px' }" class="w"></i>{{ told(widest) }} a year</span>
        <span><b aria-hidden="true">◇</b> zone <b aria-hidden="true">○</b> other place</span>
        <span class="layers"><label v-for="f in families" :key="f"><input type="checkbox" :checked="on[f]"
          @change="layer(f)" />{{ f }}</label></span>
      </div>
    </div>`,
  props: { label: String, links: Array, places: Array, landUrl: String, numbers: Object, base: Object },
  data: () => ({ mode: "full", on: Object.fromEntries(FAMILIES.map((f) => [f, true])), families: FAMILIES, widest: 1e4 }),
  computed: {
    title() { return TITLES[this.mode]; },
    scale() { return SCALES[this.mode]; },
  },
  async mounted() {
    this.now = this.numbers; this.then = this.base; this.ways = []; this.revision = 0; this.chosen = null; this.trail = {};
    lands[this.landUrl] ??= fetch(this.landUrl).then((r) => r.json()).then((j) => echarts.registerMap("land", j));
    await lands[this.landUrl];
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.chart = echarts.init(this.$refs.sheet);
    this.widest = 10 ** Math.floor(Math.log10(Math.max(10, ...this.now.links.map((v) => v[0] + v[1]))));
    this.chart.setOption(this.frame());
    this.home();
    this.draw();
    this.chart.on("click", (e) => e.data?.id && this.$emit("pick", { kind: e.data.kind, id: e.data.id }));
    this.watcher = new ResizeObserver(() => this.chart.resize());
    this.watcher.observe(this.$refs.sheet);
    this.$el.dataset.ready = "1";
  },
  unmounted() { this.watcher?.disconnect(); this.chart?.dispose(); },
  methods: {
    told: amount,
    width(kt) { return 0.6 + 9 * Math.sqrt(Math.min(1.6, Math.abs(kt) / this.widest)); },
    frame() {
      const small = this.$refs.sheet.clientWidth < 700;
      return {
        animation: false, backgroundColor: INK.water,
        tooltip: { confine: true, borderWidth: 0, padding: [6, 10], textStyle: { color: "#15242d", fontSize: 13 },
          formatter: (p) => p.data?.tip?.() ?? "" },
        geo: { map: "land", roam: !small, projection: PLANE, silent: true, z: 2,
          zoom: 1, scaleLimit: { min: 1, max: 24 },
          itemStyle: { areaColor: INK.land, borderColor: INK.shore, borderWidth: 0.6 }, emphasis: { disabled: true } },
        series: [],
      };
    },
    colour(value) { let found = this.scale[0][1]; for (const s of this.scale) if (value >= s[0]) found = s[1]; return found; },
    value(v, at) {
      if (this.mode === "worth") return v.at(-1) > 0 ? v.at(-1) : -1;
      if (this.mode === "full") return v.at(-2);
      const b = this.then.links[at];
      return v[0] + v[1] - b[0] - b[1];
    },
    link(item, at) {
      const v = this.now.links[at], kt = this.mode === "change" ? this.value(v, at) : v[0] + v[1];
      if (Math.abs(kt) < (this.mode === "change" ? 1 : 0.05) && this.chosen !== item.id) return null;
      const chosen = this.chosen === item.id;
      return { id: item.id, kind: "link", coords: item.coords, tip: () => this.linkTip(item, at),
        lineStyle: { width: this.width(kt) + (chosen ? 4 : 0), color: chosen ? INK.way : this.colour(this.value(v, at)) } };
    },
    linkTip(item, at) {
      const [out, back, full, worth] = this.now.links[at], b = this.then.links[at], change = out + back - b[0] - b[1];
      const rows = [`<strong>${text(item.name)}</strong>`, `${text(item.mode)}: ${amount(out)} there, ${amount(back)} back`];
      if (full >= 0) rows.push(`fullest resource at ${full.toFixed(0)} %`);
      if (worth > 0) rows.push(`1 % more: ${worth.toFixed(2)} MUSD a year`);
      if (Math.abs(change) >= 1) rows.push(`${change > 0 ? "+" : "−"}${amount(Math.abs(change))} beside the base`);
      return rows.join("<br>");
    },
    place(item, at, rank) {
      const [kt, full, worth] = this.now.places[at];
      const tip = () => `<strong>${text(item.name)}</strong><br>${amount(kt)} on its links`
        + (full >= 0 ? `<br>fullest resource at ${full.toFixed(0)} %` : "")
        + (worth > 0 ? `<br>1 % more: ${worth.toFixed(2)} MUSD a year` : "");
      const value = this.mode === "worth" ? (worth > 0 ? worth : -1) : this.mode === "full" ? full : -2e9;
      const fill = this.mode === "change" || value < 0 ? "#fff" : this.colour(value);
      return { id: item.id, kind: "place", value: item.at, tip, name: item.name,
        symbol: item.zone ? "diamond" : "circle",
        symbolSize: (item.zone ? 7 : 4) + 6 * Math.sqrt(Math.min(1, kt / (4 * this.widest))) + (this.chosen === item.id ? 6 : 0),
        label: { show: rank < 40 || this.chosen === item.id },
        itemStyle: { color: fill, borderColor: "#1b3a4b", borderWidth: this.chosen === item.id ? 3 : 1 } };
    },
    draw() {
      const lines = FAMILIES.map((family) => ({
        name: family, id: family, type: "lines", coordinateSystem: "geo", polyline: true, z: family === "ship" ? 1 : 3,
        lineStyle: { opacity: 0.9, cap: "round", join: "round", type: family === "pipeline" ? [2, 4] : "solid" },
        data: this.on[family] ? this.links.flatMap((l, i) => (l.family === family ? this.link(l, i) ?? [] : [])) : [],
      }));
      const order = this.places.map((p, i) => i).filter((i) => this.now.places[i][0] > 1)
        .sort((a, b) => this.now.places[b][0] - this.now.places[a][0]).filter((i, rank) => rank < 110 || this.places[i].zone);
      const hubs = { id: "hubs", type: "scatter", coordinateSystem: "geo", z: 6,
        labelLayout: { hideOverlap: true },
        label: { formatter: "{b}", position: "right", distance: 5, color: "#15242d", fontSize: 12, minMargin: 14, padding: [3, 8, 3, 2],
          textBorderColor: "#ffffff", textBorderWidth: 2.5 },
        data: order.map((i, rank) => this.place(this.places[i], i, rank)) };
      const ways = { id: "ways", type: "lines", coordinateSystem: "geo", polyline: true, z: 5,
        data: this.ways.map((w) => ({ coords: w.coords, tip: () => text(w.name),
          lineStyle: { width: w.first ? 5 : 2.5, color: w.first ? INK.way : "#5b7686", type: w.first ? "solid" : "dashed" } })) };
      const trail = { id: "trail", type: "lines", coordinateSystem: "geo", polyline: true, z: 4, silent: true,
        data: this.links.filter((l) => this.trail[l.id] && this.on[l.family]).map((l) => ({ coords: l.coords,
          lineStyle: { width: 1 + 3 * Math.sqrt(this.trail[l.id]), color: INK.way, opacity: 1, cap: "round" } })) };
      this.chart.setOption({ series: [...lines, trail, hubs, ways, ...this.moving()] });
      this.chart.getZr().flush();
      this.$el.dataset.revision = String(++this.revision);
      this.$el.dataset.binding = String(this.now.links.filter((v) => v[2] > 94.9).length);
    },
    moving() {
      if (this.still || this.links.length > 2000) return [];
      const flows = this.links.map((l, i) => ({ l, out: this.now.links[i][0], back: this.now.links[i][1] }))
        .filter((f) => this.on[f.l.family] && f.out + f.back > this.widest / 50)
        .sort((a, b) => b.out + b.back - a.out - a.back).slice(0, 90);
      const key = flows.map((f) => f.l.id + (f.out >= f.back)).sort().join();
      if (key === this.flowing) return [];
      this.flowing = key;
      const data = flows.map((f) => ({ coords: f.out >= f.back ? f.l.coords : [...f.l.coords].reverse() }));
      return [{ id: "moving", type: "lines", coordinateSystem: "geo", polyline: true, silent: true, z: 4, data,
        lineStyle: { opacity: 0, width: 0 },
        effect: { show: true, constantSpeed: 16, trailLength: 0, symbol: "circle", symbolSize: 2.6, color: "#ffffff" } }];
    },
    patch(numbers, base) { if (!this.chart) return setTimeout(() => this.patch(numbers, base), 40);
      this.now = numbers; if (base) this.then = base; this.draw(); },
    route(ways) { this.ways = ways; if (this.chart) this.draw(); },
    choose(id, trail) { this.chosen = id; this.trail = trail; if (this.chart) this.draw(); },
    show(mode) { this.mode = mode; this.$nextTick(() => this.draw()); },
    layer(family) { this.on[family] = !this.on[family]; this.draw(); },
    zoom(by) { const g = this.chart.getOption().geo[0]; this.chart.setOption({ geo: { zoom: g.zoom * by, center: g.center } }); },
    home() { this.fit(this.now.places.some((v) => v[0] > 0 && v[1] >= 0) ? "heart" : "all"); },
    // Frame the cargo of places that name a limit (heart), or every place with cargo (all).
    fit(which) {
      const weighs = (v) => (which === "all" ? Number(v[0] > 1) : v[1] >= 0 ? v[0] : 0);
      const spots = this.places.map((p, i) => [PLANE.project(p.at), weighs(this.now.places[i])]);
      const sides = [0, 1].map((axis) => middle(spots.map(([at, weight]) => [at[axis], weight]), KEPT[which]));
      if (!sides[0]) return;
      const apart = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
      const pixels = apart(RULER.map((at) => this.chart.convertToPixel("geo", at)));
      const scale = pixels / apart(RULER.map(PLANE.project)) / (this.chart.getOption().geo[0].zoom || 1);
      const room = [this.chart.getWidth(), this.chart.getHeight()];
      const zoom = 0.82 * Math.min(...sides.map(([low, high], axis) => room[axis] / Math.max(1e-6, (high - low) * scale)));
      const center = sides.map(([low, high]) => (low + high) / 2);
      this.chart.setOption({ geo: { center, zoom: Math.max(1, Math.min(12, zoom)) } });
    },
  },
};
