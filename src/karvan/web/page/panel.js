// What is known of one link, place or resource: figures with units, each resource's wait, price, worth and source, and
// what was published about it beside the model.
export default {
  template: `
    <section class="panel" :class="{ open: card }" aria-label="Details" aria-live="polite" @keydown.esc="$emit('close')">
      <template v-if="card">
        <div class="panel-head"><h2>{{ card.title }}</h2>
          <button type="button" class="quiet" @click="$emit('close')" aria-label="Close details">✕</button></div>
        <p class="panel-sub">{{ card.subtitle }}</p>
        <dl><template v-for="(r, i) in card.rows" :key="i"><dt>{{ r[0] }}</dt><dd>{{ r[1] }} <small>{{ r[2] }}</small></dd></template></dl>
        <article v-for="x in card.resources" :key="x.id">
          <h3>{{ x.name }}</h3>
          <div class="bar" role="img" :aria-label="'used to ' + x.full + ' per cent'">
            <i class="load" :style="{ width: Math.min(100, x.load) + '%' }" :class="{ full: x.binding }"></i>
            <i class="background" :style="{ width: Math.min(100, x.background) + '%' }"></i></div>
          <dl><template v-for="(r, i) in x.rows" :key="i"><dt>{{ r[0] }}</dt><dd>{{ r[1] }} <small>{{ r[2] }}</small></dd></template></dl>
          <p class="source"><span class="trust" :class="x.confidence">{{ x.confidence }}</span> {{ x.source }}
            <template v-if="x.note">· {{ x.note }}</template></p>
          <button type="button" class="quiet" @click="$emit('lever', { id: x.id })">Move its capacity</button>
        </article>
        <p class="source" v-if="card.demand"><span class="trust" :class="card.demand.confidence">{{ card.demand.confidence }}</span>
          {{ card.demand.share }} of the demand of {{ card.demand.year }}: {{ card.demand.source }}</p>
        <article v-for="w in card.ways" :key="w.head">
          <h3>{{ w.head }}</h3>
          <ol class="ways"><li v-for="r in w.rows" :key="r[1]"><b>{{ r[0] }}</b> {{ r[1] }} <small>{{ r[2] }}</small></li></ol>
        </article>
        <p class="source" v-if="card.ways?.length">Dark on the map: links that carry its cargo.</p>
        <article v-for="(h, i) in card.history" :key="i">
          <h3>{{ h.name }}, {{ h.unit }}</h3>
          <svg viewBox="0 0 260 74" role="img" :aria-label="h.name + ' by year; the table below holds its numbers'">
            <line x1="8" x2="252" y1="60" y2="60" stroke="#c9d2d7" />
            <text v-for="t in ends(h)" :key="t.x" :x="t.x" y="72" font-size="10" fill="#51626b" :text-anchor="t.anchor">{{ t.year }}</text>
            <polyline :points="line(h)" fill="none" stroke="#15242d" stroke-width="1.2" />
            <circle v-for="d in dots(h)" :key="d.kind + d.x" :cx="d.x" :cy="d.y" :r="d.r" :fill="d.fill" :stroke="d.stroke"
              stroke-width="2" :stroke-dasharray="d.kind === 3 ? '2 2' : null" />
          </svg>
          <table class="by-year"><thead><tr><th scope="col">Year</th><th scope="col">Record</th><th scope="col">Plan</th>
            <th scope="col">Base</th></tr></thead>
            <tbody><tr v-for="r in h.rows" :key="r[0]"><th scope="row">{{ r[0] }}</th>
              <td>{{ r[4] === "estimate" ? "~" : "" }}{{ shown(r[1]) }}</td><td>{{ shown(r[2]) }}</td><td>{{ shown(r[3]) }}</td></tr></tbody></table>
          <p class="source"><span class="trust" :class="h.confidence">{{ h.confidence }}</span> record of the last year: {{ h.source }}.
            Dots: record<template v-if="h.rows.some((r) => r[4] === 'estimate')">, hollow and ~ where it is an estimate</template>;
            ring: the model in the year shown (dashed: base). The tab Years models every year.</p>
        </article>
        <p class="source" v-if="card.source"><span class="trust" :class="card.confidence">{{ card.confidence }}</span> {{ card.source }}</p>
      </template>
      <p v-else class="hint">Choose a link, port, border or zone on the map, or a name in a table.</p>
    </section>`,
  props: { card: Object },
  methods: {
    shown(value) { return value === null ? "–" : value.toLocaleString("en", { maximumSignificantDigits: 4 }); },
    at(h, year, value) {
      const first = h.rows[0][0], last = h.rows.at(-1)[0], top = Math.max(...h.rows.flatMap((r) => r.slice(1, 4)), 1e-9);
      return { x: first === last ? 130 : 8 + (244 * (year - first)) / (last - first), y: 60 - (52 * Math.max(0, value)) / top };
    },
    ends(h) {
      const years = [...new Set([h.rows[0][0], h.rows.at(-1)[0]])];
      return years.map((year, i) => ({ year, x: this.at(h, year, 0).x, anchor: years.length < 2 ? "middle" : i ? "end" : "start" }));
    },
    line(h) {
      return h.rows.filter((r) => r[1] !== null).map((r) => this.at(h, r[0], r[1])).map((p) => `${p.x},${p.y}`).join(" ");
    },
    dots(h) {
      const kinds = [[3, 5.5, "none", "#8b9aa3"], [2, 4.5, "none", "#2f7f8c"], [1, 2.6, "#15242d", "none"]];
      return h.rows.flatMap((r) => kinds.filter(([kind]) => r[kind] !== null)
        .map(([kind, radius, fill, stroke]) => ({ ...this.at(h, r[0], r[kind]), kind, r: radius, fill, stroke,
          ...(kind === 1 && r[4] === "estimate" ? { fill: "#fff", stroke: "#15242d" } : {}) })));
    },
  },
};
