// A table to sort and filter, with its rows as CSV. Columns: [key, label, unit, digits]; digits null is text.
export default {
  template: `
    <div class="table">
      <div class="table-head">
        <input type="search" v-model="wanted" :placeholder="'Filter ' + caption.toLowerCase()" :aria-label="'Filter ' + caption" />
        <span aria-live="polite">{{ found.length }} of {{ rows.length }} rows</span>
        <button type="button" @click="save()">CSV</button>
      </div>
      <div class="table-sheet" tabindex="0" role="region" :aria-label="caption">
        <table>
          <thead><tr>
            <th v-for="(c, i) in columns" :key="c[0]" scope="col" :aria-sort="by === i ? (down ? 'descending' : 'ascending') : 'none'"
              :class="{ n: c[3] !== null }"><button type="button" @click="sort(i)">{{ c[1] }}<small v-if="c[2]"> {{ c[2] }}</small>
              <span aria-hidden="true">{{ by === i ? (down ? "▾" : "▴") : "" }}</span></button></th>
          </tr></thead>
          <tbody><tr v-for="r in found.slice(0, most)" :key="r.key" :class="{ full: r.full }">
            <td v-for="(c, i) in columns" :key="c[0]" :class="{ n: c[3] !== null }">
              <button v-if="i === 0 && r.pick" type="button" class="link" @click="$emit('pick', r.pick)">{{ cell(r.cells[i], c) }}</button>
              <template v-else>{{ cell(r.cells[i], c) }}</template></td>
          </tr></tbody>
        </table>
      </div>
      <button v-if="found.length > most" type="button" class="quiet" @click="most += 200">Show more</button>
    </div>`,
  props: { caption: String, columns: Array, rows: Array, file: String },
  data: () => ({ wanted: "", by: -1, down: true, most: 50 }),
  computed: {
    found() {
      const words = this.wanted.toLowerCase().split(/\s+/).filter(Boolean);
      const kept = this.rows.filter((r) => words.every((w) => r.cells.join(" ").toLowerCase().includes(w)));
      if (this.by < 0) return kept;
      const sign = this.down ? -1 : 1, at = this.by;
      const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a ?? "").localeCompare(String(b ?? "")));
      return [...kept].sort((a, b) => (a.cells[at] === null) - (b.cells[at] === null) || sign * compare(a.cells[at], b.cells[at]));
    },
  },
  methods: {
    sort(i) { this.down = this.by === i ? !this.down : this.columns[i][3] !== null; this.by = i; },
    cell(value, c) {
      if (value === null || value === undefined || value === "") return "–";
      if (c[3] === null || typeof value !== "number") return value;
      return value.toLocaleString("en-GB", { minimumFractionDigits: c[3], maximumFractionDigits: c[3] });
    },
    save() {
      const safe = (v) => { const t = v === null ? "" : String(v); return typeof v !== "number" && /^[=+\-@\t\r]/.test(t) ? "'" + t : t; };
      const quote = (v) => (/[",\n]/.test(safe(v)) ? `"${safe(v).replaceAll('"', '""')}"` : safe(v));
      const head = this.columns.map((c) => quote(c[0])).join(",");
      const lines = [head, ...this.found.map((r) => r.cells.map(quote).join(","))].join("\n") + "\n";
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([lines], { type: "text/csv" }));
      link.download = this.file;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  },
};
