// The map: one sheet with the plan, or two that move together, the base beside the plan. ECharts comes from the NiceGUI
// wheel through its import map. Geometry is given once; afterwards only numbers arrive.
import { echarts } from "nicegui-echart";
import { amount, FAMILIES, SCALES, Sheet, TITLES, width } from "karvan-map";

const lands = {};

export default {
  template: `
    <div class="map">
      <div class="map-sheets" :class="{ pair }">
        <div v-show="pair" class="map-side"><span class="map-name">Base</span>
          <div class="map-sheet" ref="before" role="img" :aria-label="'Base. ' + label"></div></div>
        <div class="map-side"><span v-if="pair" class="map-name">Plan</span>
          <div class="map-sheet" ref="sheet" role="img" :aria-label="(pair ? 'Plan. ' : '') + label"></div></div>
      </div>
      <div class="map-tools" role="group" aria-label="Map; arrow keys move it" @keydown="arrow">
        <button type="button" @click="zoom(1.4)" aria-label="Closer">+</button>
        <button type="button" @click="zoom(1 / 1.4)" aria-label="Further">−</button>
        <button type="button" @click="home()" aria-label="Where the corridor's limits are">⌂</button>
        <button type="button" @click="fit('all')" aria-label="All places with cargo">⤢</button>
      </div>
      <div class="map-modes">
        <div role="group" aria-label="What colour shows">
          <button v-for="m in ['full', 'worth', 'change']" :key="m" type="button" :aria-pressed="mode === m"
            @click="show(m)">{{ { full: "Use", worth: "Worth", change: "Change" }[m] }}</button></div>
        <button type="button" :aria-pressed="pair" @click="beside(!pair)">Base | plan</button>
      </div>
      <div class="map-key">
        <strong>{{ title }}</strong>
        <span v-for="s in scale" :key="s[2]"><i :style="{ background: s[1] }"></i>{{ s[2] }}</span>
        <strong>Width: cargo both ways</strong>
        <span><i :style="{ height: wide(widest / 10) + 'px' }" class="w"></i>{{ told(widest / 10) }}
          <i :style="{ height: wide(widest) + 'px' }" class="w"></i>{{ told(widest) }} a year</span>
        <span><b aria-hidden="true">◇</b> zone <b aria-hidden="true">○</b> other place</span>
        <span class="layers"><label v-for="f in families" :key="f"><input type="checkbox" :checked="on[f]"
          @change="layer(f)" />{{ f }}</label></span>
      </div>
    </div>`,
  props: { label: String, links: Array, places: Array, landUrl: String, numbers: Object, base: Object },
  data: () => ({ mode: "full", pair: false, on: Object.fromEntries(FAMILIES.map((f) => [f, true])), families: FAMILIES,
    widest: 1e4 }),
  computed: {
    title() { return TITLES[this.mode]; },
    scale() { return SCALES[this.mode]; },
  },
  async mounted() {
    Object.assign(this, { now: this.numbers, then: this.base, ways: [], revision: 0, chosen: null, trail: {}, sheets: {} });
    lands[this.landUrl] ??= fetch(this.landUrl).then((r) => r.json()).then((j) => echarts.registerMap("land", j));
    await lands[this.landUrl];
    this.quiet = matchMedia("(prefers-reduced-motion: reduce)");
    this.redraw = () => this.draw();
    this.quiet.addEventListener("change", this.redraw);
    this.widest = 10 ** Math.floor(Math.log10(Math.max(10, ...this.now.links.map((v) => v[0] + v[1]))));
    this.watcher = new ResizeObserver(() => Object.values(this.sheets).forEach((sheet) => sheet.resize()));
    this.add("plan", this.$refs.sheet);
    this.home();
    this.draw();
    this.$el.dataset.ready = "1";
  },
  unmounted() {
    this.watcher?.disconnect();
    this.quiet?.removeEventListener("change", this.redraw);
    Object.values(this.sheets ?? {}).forEach((sheet) => sheet.dispose());
  },
  methods: {
    told: amount,
    wide(kt) { return width(kt, this.widest); },
    add(name, node) {
      const sheet = new Sheet(node, this.links, this.places, (told) => this.$emit("pick", told));
      sheet.roamed(() => this.follow(name));
      this.sheets[name] = sheet;
      this.watcher.observe(node);
    },
    // The other sheet stands where this one was moved to.
    follow(name) {
      if (!this.pair) return;
      this.sheets[name === "plan" ? "base" : "plan"].stand = this.sheets[name].stand;
    },
    draw() {
      const { then, mode, on, chosen, trail, ways, widest } = this, still = this.quiet.matches;
      const view = { base: then, mode, on, chosen, trail, ways, widest, still };
      this.sheets.plan.draw({ ...view, numbers: this.now });
      if (this.pair) this.sheets.base.draw({ ...view, numbers: then });
      this.$el.dataset.revision = String(++this.revision);
      this.$el.dataset.binding = String(this.now.links.filter((v) => v[2] > 94.9).length);
    },
    async beside(pair) {
      this.pair = pair;
      if (pair && this.mode === "change") this.mode = "full";
      await this.$nextTick();
      if (pair && !this.sheets.base) this.add("base", this.$refs.before);
      Object.values(this.sheets).forEach((sheet) => sheet.resize());
      this.home();
      this.draw();
    },
    patch(numbers, base) {
      if (!this.sheets?.plan) return setTimeout(() => this.patch(numbers, base), 40);
      this.now = numbers;
      if (base) this.then = base;
      this.draw();
    },
    redrawn(changed) { Object.assign(this, changed); if (this.sheets?.plan) this.draw(); },
    route(ways) { this.redrawn({ ways }); },
    choose(chosen, trail) { this.redrawn({ chosen, trail }); },
    show(mode) { this.mode = mode; if (mode === "change" && this.pair) this.beside(false); else this.$nextTick(() => this.draw()); },
    layer(family) { this.on[family] = !this.on[family]; this.draw(); },
    arrow(event) {
      const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!by) return;
      event.preventDefault();
      this.sheets.plan.pan(by);
      this.follow("plan");
    },
    zoom(by) { this.sheets.plan.zoom(by); this.follow("plan"); },
    home() { this.fit(this.now.places.some((v) => v[0] > 0 && v[1] >= 0) ? "heart" : "all"); },
    fit(which) { this.sheets.plan.fit(which, this.now); this.follow("plan"); },
  },
};
