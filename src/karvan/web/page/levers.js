// Sliders with a number box each, and owners to switch; positions are kept here and told to the server when they move.
export default {
  template: `
    <section class="levers" aria-label="Levers">
      <div class="levers-head">
        <input type="search" v-model="wanted" placeholder="Find a lever" aria-label="Find a lever" />
        <button type="button" @click="reset()" :disabled="!changed">Reset all<span v-if="changed"> ({{ changed }})</span></button>
      </div>
      <details v-for="g in groups" :key="g.name" :open="g.open || !!wanted">
        <summary>{{ g.name }} <span v-if="g.changed" class="mark">{{ g.changed }} changed</span></summary>
        <div v-for="s in g.shown" :key="s.key" class="lever" :class="{ moved: at(s) !== 1 }">
          <label :for="'lever-' + s.key">{{ s.label }}</label>
          <div class="lever-row">
            <input type="range" :id="'lever-' + s.key" :data-lever="s.key" min="0" :max="s.highest * 100" step="5"
              :value="percent(s)" :aria-valuetext="told(s)" @input="move(s, $event.target.value)" />
            <input type="number" min="0" :max="s.highest * 100" step="1" :value="percent(s)"
              :aria-label="s.label + ', per cent of the base'" @change="move(s, $event.target.value)" /><span>%</span>
            <button type="button" class="quiet" v-if="at(s) !== 1" @click="move(s, 100)" :aria-label="'Reset ' + s.label">↺</button>
          </div>
          <small v-if="s.value !== null">{{ told(s) }}</small>
        </div>
        <button v-if="g.more" type="button" class="quiet" @click="opened[g.name] = true">{{ g.more }} more</button>
        <label v-for="o in g.owners" :key="o.owner" class="owner" :class="{ moved: isOn(o) !== o.on }" :title="o.note">
          <input type="checkbox" :checked="isOn(o)" @change="flip(o, $event.target.checked)" /> {{ o.label }}</label>
      </details>
    </section>`,
  props: { sliders: Array, owners: Array, factors: Object, switched: Object },
  data() { return { places: { ...this.factors }, flips: { ...this.switched }, wanted: "", opened: {} }; },
  computed: {
    changed() { return Object.keys(this.places).length + Object.keys(this.flips).length; },
    groups() {
      const names = [...new Set([...this.sliders, ...this.owners].map((x) => x.group))];
      const hit = (x) => x.label.toLowerCase().includes(this.wanted.trim().toLowerCase());
      return names.map((name, n) => {
        const all = this.sliders.filter((s) => s.group === name && hit(s));
        const shown = this.wanted || this.opened[name] ? all : all.filter((s) => s.main || this.at(s) !== 1);
        const owners = this.owners.filter((o) => o.group === name && hit(o));
        const changed = all.filter((s) => this.at(s) !== 1).length + owners.filter((o) => this.isOn(o) !== o.on).length;
        return { name, shown, owners, changed, more: all.length - shown.length, open: n === 0 || changed > 0, size: all.length + owners.length };
      }).filter((g) => g.size);
    },
  },
  methods: {
    at(s) { return this.places[s.key] ?? 1; },
    percent(s) { return Math.round(this.at(s) * 1000) / 10; },
    isOn(o) { return this.flips[o.owner] ?? o.on; },
    told(s) {
      if (s.value === null) return `${this.percent(s)} per cent of the base`;
      const now = s.value * this.at(s), digits = now < 100 ? 1 : 0;
      return `${now.toLocaleString("en-GB", { maximumFractionDigits: digits })} ${s.unit}`;
    },
    move(s, text) {
      const percent = Math.min(s.highest * 100, Math.max(0, Number(text)));
      if (!Number.isFinite(percent)) return;
      if (percent === 100) delete this.places[s.key]; else this.places[s.key] = percent / 100;
      this.$emit("move", { key: s.key, factor: percent / 100 });
    },
    flip(o, on) {
      if (on === o.on) delete this.flips[o.owner]; else this.flips[o.owner] = on;
      this.$emit("flip", { owner: o.owner, on });
    },
    reset() { this.places = {}; this.flips = {}; this.$emit("clear"); },
    find(key) {
      const slider = this.sliders.find((s) => s.key === key);
      if (!slider) return;
      this.wanted = slider.label;
      this.$nextTick(() => document.getElementById("lever-" + key)?.focus());
    },
    place(factors, switched) { this.places = { ...factors }; this.flips = { ...switched }; },
  },
};
