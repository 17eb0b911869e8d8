// The figures of the year, each with what changed beside the base; `answered` counts the moves they have taken in.
export default {
  template: `
    <dl class="tiles" aria-label="The year in figures" :data-revision="revision" :data-answered="answered">
      <div v-for="t in told" :key="t.key" class="tile" :class="{ lead: t.key === 'welfare' }">
        <dt>{{ t.label }}</dt>
        <dd><span class="value">{{ t.value }}</span> <small>{{ t.unit }}</small>
          <span class="delta" :class="{ better: t.better > 0, worse: t.better < 0 }">{{ t.delta }}</span></dd>
      </div>
    </dl>`,
  props: { tiles: Array },
  data() { return { told: this.tiles, revision: 0, answered: 0 }; },
  methods: { show(tiles, answered) { this.told = tiles; this.answered = answered; this.revision += 1; } },
};
