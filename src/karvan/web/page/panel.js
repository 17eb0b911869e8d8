// What is known of one link, place or resource: figures with units, each resource's wait, price, worth and source.
export default {
  template: `
    <section class="panel" aria-label="Details" aria-live="polite">
      <template v-if="card">
        <div class="panel-head"><h2>{{ card.title }}</h2>
          <button type="button" class="quiet" @click="$emit('close')" aria-label="Close details">✕</button></div>
        <p class="panel-sub">{{ card.subtitle }}</p>
        <dl><template v-for="r in card.rows" :key="r[0]"><dt>{{ r[0] }}</dt><dd>{{ r[1] }} <small>{{ r[2] }}</small></dd></template></dl>
        <article v-for="x in card.resources" :key="x.id">
          <h3>{{ x.name }}</h3>
          <div class="bar" role="img" :aria-label="'used to ' + x.full + ' per cent'">
            <i class="load" :style="{ width: Math.min(100, x.load) + '%' }" :class="{ full: x.binding }"></i>
            <i class="background" :style="{ width: Math.min(100, x.background) + '%' }"></i></div>
          <dl><template v-for="r in x.rows" :key="r[0]"><dt>{{ r[0] }}</dt><dd>{{ r[1] }} <small>{{ r[2] }}</small></dd></template></dl>
          <p class="source"><span class="trust" :class="x.confidence">{{ x.confidence }}</span> {{ x.source }}
            <template v-if="x.note">· {{ x.note }}</template></p>
          <button type="button" class="quiet" @click="$emit('lever', { id: x.id })">Move its capacity</button>
        </article>
        <p class="source" v-if="card.source"><span class="trust" :class="card.confidence">{{ card.confidence }}</span> {{ card.source }}</p>
      </template>
      <p v-else class="hint">Choose a link, port or border on the map, or a name in a table.</p>
    </section>`,
  props: { card: Object },
};
